import { createCipheriv, createDecipheriv, randomBytes, sign, verify } from "node:crypto";
import { privateKey, publicKey } from "../crypto/keys";

const lines = (...parts: (string | Buffer)[]): Buffer => Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from("\n")]));

/** What a merchant signs: method, target, timestamp, nonce, body, each line ended. */
export const requestMessage = (part: { method: string; target: string; timestamp: string; nonce: string; body: Buffer }): Buffer =>
  lines(part.method, part.target, part.timestamp, part.nonce, part.body);

/** What WeChat Pay signs, for answers and notifications alike. */
export const answerMessage = (timestamp: string, nonce: string, body: Buffer): Buffer => lines(timestamp, nonce, body);

/** What the buyer's WeChat checks before it shows the cashier. `ticket` is `prepay_id=…` (JSAPI) or the bare id (APP). */
export const launchMessage = (part: { appId: string; timeStamp: string; nonceStr: string; ticket: string }): Buffer =>
  lines(part.appId, part.timeStamp, part.nonceStr, part.ticket);

export const signMessage = (message: Buffer, privatePem: string): string =>
  sign("sha256", message, privateKey(privatePem)).toString("base64");

export function isMessageSignedBy(message: Buffer, signature: string, publicPem: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false;
  return verify("sha256", message, publicKey(publicPem), Buffer.from(signature, "base64"));
}

export type Sealed = { algorithm: "AEAD_AES_256_GCM"; nonce: string; associated_data: string; ciphertext: string };

/** AES-256-GCM under the merchant's APIv3 key; the tag follows the ciphertext. */
export function seal(plain: string, associatedData: string, apiV3Key: string, nonce: string = randomBytes(6).toString("hex")): Sealed {
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(apiV3Key), Buffer.from(nonce), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(associatedData));
  const ciphertext = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
  return { algorithm: "AEAD_AES_256_GCM", nonce, associated_data: associatedData, ciphertext };
}

/** The reverse, for tests. Throws when the tag does not fit. */
export function unseal(sealed: Sealed, apiV3Key: string): string {
  const bytes = Buffer.from(sealed.ciphertext, "base64");
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(apiV3Key), Buffer.from(sealed.nonce), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(sealed.associated_data));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}
