import { createPublicKey, X509Certificate } from "node:crypto";
import { after, days } from "~/lib/time";
import type { AccountInput, WechatAccountOutput } from "../control/types";
import { issueCertificate, type Name, readRsaPublicKey, serialOf } from "../crypto/certificate";
import { newRsaKey, privateKey, publicPem } from "../crypto/keys";
import { dayDigits, randomDigits } from "../random";
import type { WechatAccount } from "../state";
import type { World } from "../world";

const AUTHORITY: Name = { C: "CN", O: "Simulator Tenpay.com", OU: "Simulator Tenpay.com CA Center", CN: "Simulator Tenpay.com Root CA" };
const LIFE_DAYS = 5 * 365;

/** Registers a merchant, or takes its new keys. Platform keys stay as they were. */
export async function registerWechat(world: World, input: Extract<AccountInput, { provider: "wechat" }>): Promise<WechatAccountOutput> {
  const merchantKey = readMerchantKey(input.merchantPublicKey);
  const known = world.state.wechat.accounts.get(input.mchid);
  const [publicKeyPrivate, certificate] = known ? [] : await Promise.all([newRsaKey(), newCertificate(world)]);
  // Two registrations at once make two sets of keys; the first one stored is the one that both get.
  const stored = known ?? world.state.wechat.accounts.get(input.mchid);
  const account: WechatAccount = {
    ...(stored ?? {
      publicKeyId: `PUB_KEY_ID_01${input.mchid}${dayDigits(world.now())}${randomDigits(14)}`,
      publicKeyPrivate: publicKeyPrivate ?? "",
      certificates: certificate ? [certificate] : [],
      keyMode: "grey",
      percent: 50,
      greyDraws: 0,
      rules: { refundGapMinute: true, refundCountMax: true, refundYear: true },
    }),
    mchid: input.mchid,
    appid: input.appid,
    name: input.name ?? stored?.name ?? null,
    merchantSerial: input.merchantSerial,
    merchantPublicKey: merchantKey,
    apiV3Key: input.apiV3Key,
  };
  world.state.wechat.accounts.set(input.mchid, account);
  world.changed("account", input.mchid);
  return { verificationKeys: verificationKeys(account) };
}

export const verificationKeys = (account: WechatAccount): { id: string; pem: string }[] => [
  { id: account.publicKeyId, pem: publicPem(account.publicKeyPrivate) },
  ...certificatesInForce(account).map(({ serial, certificate }) => ({ id: serial, pem: certificate })),
];

/** Outside a rotation there is one certificate: the newest. */
export const certificatesInForce = (account: WechatAccount): WechatAccount["certificates"] =>
  account.keyMode === "rotation" ? account.certificates.slice(-2) : account.certificates.slice(-1);

/** Switches which keys sign. A rotation brings a second certificate into force. */
export async function setKeyMode(
  world: World,
  account: WechatAccount,
  mode: WechatAccount["keyMode"],
  percent: number | undefined,
): Promise<void> {
  if (mode === "rotation" && account.keyMode !== "rotation") account.certificates.push(await newCertificate(world));
  account.keyMode = mode;
  account.percent = percent ?? (mode === "grey" ? 50 : account.percent);
  account.greyDraws = 0;
  world.changed("account", account.mchid);
}

async function newCertificate(world: World): Promise<WechatAccount["certificates"][number]> {
  const key = await newRsaKey();
  const certificate = issueCertificate({
    subject: { C: "CN", O: "Simulator Tenpay.com", OU: "Simulator Tenpay.com CA Center", CN: "Simulator Tenpay.com sign" },
    issuer: AUTHORITY,
    // Nobody checks this chain (the APIv3 key that encrypts a certificate authenticates it), so no authority is kept.
    issuerKey: privateKey(key),
    publicKey: createPublicKey(privateKey(key)),
    notBefore: after(world.now(), -days(1)),
    lifeDays: LIFE_DAYS,
    isAuthority: false,
  });
  return { serial: serialOf(certificate), privateKey: key, certificate };
}

function readMerchantKey(text: string): string {
  const key = text.includes("BEGIN CERTIFICATE") ? new X509Certificate(text).publicKey : readRsaPublicKey(text);
  return key.export({ type: "spki", format: "pem" }).toString();
}
