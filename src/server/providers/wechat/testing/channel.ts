import { createCipheriv, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Secret } from "~/lib/secret";
import type { RawNotification, VerificationKey, WechatChannel } from "~/server/providers/port";
import vectors from "./vectors.json";

/** What tests need of WeChat Pay's own side: the platform's private key, sealing, and well-signed messages to break. */
export { vectors };

export const der = (base64: string): Buffer => Buffer.from(base64, "base64");
export const merchantPrivateKey = createPrivateKey({ key: der(vectors.merchantPrivateKey), format: "der", type: "pkcs8" });
export const platformPrivateKey = createPrivateKey({ key: der(vectors.platformPrivateKey), format: "der", type: "pkcs8" });
export const platformPublicKey = createPublicKey({ key: der(vectors.platformPublicKey), format: "der", type: "spki" });

export const verificationKey = (id: string, key: KeyObject, changes: Partial<VerificationKey> = {}): VerificationKey => ({
  id,
  key,
  notBefore: null,
  notAfter: null,
  revokedAt: null,
  ...changes,
});

export const keyRing = (...keys: VerificationKey[]): ReadonlyMap<string, VerificationKey> => new Map(keys.map((key) => [key.id, key]));

export function wechatChannel(changes: Partial<WechatChannel> = {}): WechatChannel {
  return {
    provider: "wechat",
    tenantId: "ten_test",
    channelId: "chn_test",
    version: 1,
    environment: "simulator",
    notifyUrl: "https://pay.example.test/api/payment/wechat/notify/chn_test",
    returnUrl: null,
    mchid: vectors.mchid,
    appid: vectors.appid,
    baseUrl: "http://127.0.0.1:1",
    merchantSerial: vectors.merchantSerial,
    privateKey: merchantPrivateKey,
    apiV3Keys: [new Secret(Buffer.from(vectors.apiV3Key))],
    verificationKeys: keyRing(verificationKey(vectors.platformKeyId, platformPublicKey)),
    ...changes,
  };
}

export function seal(plaintext: string, changes: { key?: string; nonce?: string; associatedData?: string } = {}) {
  const { key = vectors.apiV3Key, nonce = vectors.notification.resourceNonce, associatedData = "transaction" } = changes;
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString("base64");
  return { algorithm: "AEAD_AES_256_GCM", ciphertext, associated_data: associatedData, nonce };
}

export type Headers = Record<string, string>;

/** Headers as WeChat Pay would send them with this body at this second. */
export function signedHeaders(body: string | Buffer, at: Date | string, changes: Headers = {}, key = platformPrivateKey): Headers {
  const timestamp = typeof at === "string" ? at : String(Math.floor(at.getTime() / 1000));
  const nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from("\n")]);
  return {
    "content-type": "application/json",
    "wechatpay-timestamp": timestamp,
    "wechatpay-nonce": nonce,
    "wechatpay-serial": vectors.platformKeyId,
    "wechatpay-signature": sign("RSA-SHA256", text, key).toString("base64"),
    ...changes,
  };
}

export const raw = (body: string | Buffer, headers: Headers, method = "POST"): RawNotification => ({
  method,
  header: (name) => headers[name.toLowerCase()] ?? null,
  body: Buffer.from(body),
  sourceIp: "127.0.0.1",
});

export const NOTICE_AT = new Date(Number(vectors.notification.timestamp) * 1000);

type Resource = ReturnType<typeof seal>;
export const envelope = (resource: Resource, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: "1f4d2c8a-5b7e-5c3d-9a6f-0e1d2c3b4a59",
    create_time: "2026-01-01T08:05:01+08:00",
    resource_type: "encrypt-resource",
    event_type: "TRANSACTION.SUCCESS",
    summary: "支付成功",
    resource: { original_type: "transaction", ...resource },
    ...changes,
  });

/** A well-sealed, well-signed notification of this plaintext. */
export function notice(plaintext: string, changes: Record<string, unknown> = {}): RawNotification {
  const body = envelope(seal(plaintext), changes);
  return raw(body, signedHeaders(body, NOTICE_AT));
}

export const paidPlaintext = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...JSON.parse(vectors.notification.plaintext), ...changes });
