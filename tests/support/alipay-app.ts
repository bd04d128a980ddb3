import { generateKeyPairSync } from "node:crypto";
import { ProviderError } from "~/lib/errors";
import { type AlipayMaterial, parseAlipayMaterial } from "~/server/providers/alipay/parse";
import type { AlipayChannel } from "~/server/providers/port";
import type { AlipayAccountOutput } from "~/simulator/control/types";
import type { TestSimulator } from "./simulator";

/** Calls the simulator's control interface. Throws what it refuses. */
export async function controlSimulator<T>(simulator: TestSimulator, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${simulator.url}/control/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

export type AlipayMode = "key" | "certificate" | "encrypted";
let apps = 0;

/** A channel of an app of its own at the simulator: its own keys, its own circuit, its own faults. */
export async function newAlipayChannel(simulator: TestSimulator, mode: AlipayMode = "key", notifyUrl = "http://127.0.0.1:9/notify") {
  const appId = `20210000${String(++apps).padStart(8, "0")}`;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const appPublicKey = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const aesKey = "MDEyMzQ1Njc4OWFiY2RlZg==";
  const sellerId = `2088${String(apps).padStart(12, "0")}`;
  const account = { provider: "alipay", appId, sellerId, appPublicKey, ...(mode === "encrypted" && { aesKey }) };
  const given = await controlSimulator<AlipayAccountOutput>(simulator, "POST", "accounts", account);
  const material: AlipayMaterial = {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    ...(mode === "certificate"
      ? { appCert: given.appCert, alipayCert: given.alipayCert, alipayRootCert: given.alipayRootCert }
      : { alipayPublicKey: given.alipayPublicKey }),
    ...(mode === "encrypted" && { aesKey }),
  };
  const { shown, appCertKey, ...keys } = parseAlipayMaterial(material);
  const channel: AlipayChannel = {
    tenantId: `ten_${appId}`,
    channelId: `chn_${appId}`,
    version: 1,
    environment: "simulator",
    notifyUrl,
    returnUrl: null,
    provider: "alipay",
    appId,
    sellerId,
    gateway: `${simulator.url}/gateway.do`,
    ...keys,
  };
  return { channel, appCertKey, shown };
}

/** What a call to a provider failed with. Throws anything that is no ProviderError. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    (value) => new Error(`it answered ${String(value)}`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof ProviderError)) throw outcome;
  return outcome;
}
