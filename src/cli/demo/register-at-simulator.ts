import { generateKeyPair, randomBytes, randomInt } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { CreateChannelInput } from "~/domain/channel";
import { randomBase32 } from "~/lib/id";
import { askSimulator } from "./ask-simulator";

/** Accounts at the simulator with fresh keys, as inputs for `createChannel`: for the demo and for tests. */

type AlipayInput = Extract<CreateChannelInput, { provider: "alipay" }>;
type WechatInput = Extract<CreateChannelInput, { provider: "wechat" }>;

const generateRsa = promisify(generateKeyPair);

async function newKeyPair(): Promise<{ privateKey: string; publicKey: string }> {
  return generateRsa("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join("");

const AlipayAnswer = z.object({
  alipayPublicKey: z.string(),
  appCert: z.string(),
  alipayCert: z.string(),
  alipayRootCert: z.string(),
});

/** `name` is the channel's; `payee` is what the buyer's phone calls who is paid, the same where it is not told. */
type Names = { name: string; payee?: string };

/** Registers an application under new numbers, of a new merchant unless one is named. In certificate mode the simulator issues the certificates. */
export async function registerAlipay(
  simulatorUrl: string,
  options: Names & { keyMode: "public_key" | "certificate"; isDefault?: boolean; sellerId?: string },
): Promise<AlipayInput> {
  const { privateKey, publicKey } = await newKeyPair();
  const identity = { appId: `2021${digits(12)}`, sellerId: options.sellerId ?? `2088${digits(12)}` };
  const account = { provider: "alipay" as const, ...identity, appPublicKey: publicKey, name: options.payee ?? options.name };
  const { alipayPublicKey, ...certificates } = AlipayAnswer.parse(await askSimulator(simulatorUrl, "accounts", account));
  return {
    provider: "alipay",
    name: options.name,
    environment: "simulator",
    isDefault: options.isDefault,
    ...identity,
    gateway: `${simulatorUrl}/gateway.do`,
    privateKey,
    ...(options.keyMode === "public_key" ? { alipayPublicKey } : certificates),
  };
}

const WechatAnswer = z.object({ verificationKeys: z.array(z.object({ id: z.string(), pem: z.string() })) });

/** Registers a merchant under new numbers, with all the platform keys that the simulator may sign with. */
export async function registerWechat(simulatorUrl: string, options: Names & { isDefault?: boolean }): Promise<WechatInput> {
  const { privateKey, publicKey } = await newKeyPair();
  const identity = {
    mchid: `16${digits(8)}`,
    appid: `wx${randomBytes(8).toString("hex")}`,
    merchantSerial: `4${randomBytes(20).toString("hex").slice(1)}`.toUpperCase(),
    apiV3Key: randomBase32(32),
  };
  const account = { provider: "wechat" as const, ...identity, merchantPublicKey: publicKey, name: options.payee ?? options.name };
  const { verificationKeys } = WechatAnswer.parse(await askSimulator(simulatorUrl, "accounts", account));
  return {
    provider: "wechat",
    name: options.name,
    environment: "simulator",
    isDefault: options.isDefault,
    ...identity,
    baseUrl: simulatorUrl,
    merchantPrivateKey: privateKey,
    verificationKeys,
  };
}

/** One account of each kind, all of one payee. */
export async function registerAtSimulator(simulatorUrl: string, payee?: string) {
  const [alipay, alipayCertificates, wechat] = await Promise.all([
    registerAlipay(simulatorUrl, { name: "支付宝", payee, keyMode: "public_key", isDefault: true }),
    registerAlipay(simulatorUrl, { name: "支付宝 证书模式", payee, keyMode: "certificate", isDefault: false }),
    registerWechat(simulatorUrl, { name: "微信支付", payee, isDefault: true }),
  ]);
  return { alipay, alipayCertificates, wechat };
}
