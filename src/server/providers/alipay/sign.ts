import { createCipheriv, createDecipheriv, type KeyObject, verify } from "node:crypto";

/** Ours to choose, never read from a message (security CB-02): `sign_type` would let a sender step down to SHA-1. */
const ALGORITHM = "RSA-SHA256";

/** `name=value` joined by `&`, sorted by name, raw values: what Alipay signs and we sign (protocol v2). */
export function canonicalText(params: Readonly<Record<string, string>>): string {
  let text = "";
  for (const name of Object.keys(params).sort()) text += `${text && "&"}${name}=${params[name]}`;
  return text;
}

/** The exact bytes that were signed; `signature` as decoded by `signatureBytes`. */
export const verifyBytes = (signed: Buffer, signature: Buffer, key: KeyObject): boolean => verify(ALGORITHM, signed, key, signature);

/** Reads a base64 signature strictly: the lenient decoder would let one signature be written in many ways. Null when malformed. */
export function signatureBytes(text: string): Buffer | null {
  if (text.length === 0 || text.length > 1_024 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  return Buffer.from(text, "base64");
}

// Alipay fixes AES-128-CBC with an IV of zeros. It hides content from bystanders; the signature is what protects it.
const ZERO_IV = Buffer.alloc(16);

export function encryptContent(text: string, key: Buffer): string {
  const cipher = createCipheriv("aes-128-cbc", key, ZERO_IV);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
}

/** Throws when key or padding do not fit. Only for content whose signature was verified: the padding must not become an oracle. */
export function decryptContent(base64: string, key: Buffer): string {
  const decipher = createDecipheriv("aes-128-cbc", key, ZERO_IV);
  return Buffer.concat([decipher.update(base64, "base64"), decipher.final()]).toString("utf8");
}
