import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { AppError } from "~/lib/errors";

/**
 * Reads keys and certificates as people paste them: PEM, or the Base64 inside it. Every refusal is `channel_invalid` and names
 * the field and a stable reason, never the material.
 */
export const invalidMaterial = (field: string, reason: string, cause?: unknown) =>
  new AppError("channel_invalid", `${field}: ${reason}`, { field, reason }, { cause });

/** PKCS#8 or PKCS#1, with or without its PEM dress, whatever the label says. */
export function parsePrivateKey(field: string, text: string): KeyObject {
  if (/ENCRYPTED/.test(text)) throw invalidMaterial(field, "encrypted_key");
  const key = readPrivateKey(derOf(field, text));
  if (!key) throw invalidMaterial(field, "not_a_private_key");
  return strongRsa(field, key);
}

const readPrivateKey = (der: Buffer): KeyObject | null =>
  firstThatReads(
    () => createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key: der, format: "der", type: "pkcs1" }),
  );

export function parsePublicKey(field: string, text: string): KeyObject {
  if (text.includes("BEGIN CERTIFICATE")) throw invalidMaterial(field, "is_a_certificate");
  const der = derOf(field, text);
  // The reader for PKCS#1 would quietly take the public half of a private key, which then lay about as if it were no secret.
  if (readPrivateKey(der)) throw invalidMaterial(field, "is_a_private_key");
  const key = firstThatReads(
    () => createPublicKey({ key: der, format: "der", type: "spki" }),
    () => createPublicKey({ key: der, format: "der", type: "pkcs1" }),
  );
  if (!key) throw invalidMaterial(field, "not_a_public_key");
  return strongRsa(field, key);
}

/** SHA-256 over the public half in SPKI form, in hex: equal for a private key, its public key and its certificate. */
export function fingerprintOf(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** The certificates in a file, in PEM; bare Base64 is one certificate. */
export function certificatesIn(field: string, text: string): string[] {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g);
  if (pems) return pems;
  const base64 = derOf(field, text).toString("base64");
  return [`-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----`];
}

export function readCertificate(field: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw invalidMaterial(field, "not_a_certificate", cause);
  }
}

/** The RSA key that a certificate is for. */
export function certifiedKey(field: string, certificate: X509Certificate): KeyObject {
  const key = firstThatReads(() => certificate.publicKey);
  if (!key) throw invalidMaterial(field, "not_rsa");
  return strongRsa(field, key);
}

function derOf(field: string, text: string): Buffer {
  const compact = text.replace(/-----(?:BEGIN|END) [A-Z0-9 ]+-----/g, "").replace(/\s+/g, "");
  if (compact === "") throw invalidMaterial(field, "missing");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw invalidMaterial(field, "not_base64");
  return Buffer.from(compact, "base64");
}

function firstThatReads(...readers: (() => KeyObject)[]): KeyObject | null {
  for (const read of readers) {
    try {
      return read();
    } catch {
      // Another form may fit; when none does, the caller names the field.
    }
  }
  return null;
}

function strongRsa(field: string, key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "rsa") throw invalidMaterial(field, "not_rsa");
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) throw invalidMaterial(field, "weak_key");
  return key;
}
