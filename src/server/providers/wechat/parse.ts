import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { AppError } from "~/lib/errors";
import type { VerificationKey } from "~/server/providers/port";

/**
 * Reads key material as people paste it: PEM, or the Base64 inside it. Every refusal is `channel_invalid` and names the
 * field and a stable reason, never the material.
 */
export type Certificate = { serial: string; key: KeyObject; notBefore: Date; notAfter: Date };

const MODULUS_BITS_MIN = 2048;
const PUBLIC_KEY_ID = /^PUB_KEY_ID_\d{1,53}$/;

/** The key of `apiclient_key.pem`, PKCS#8 or PKCS#1. */
export function parseMerchantPrivateKey(text: string, field = "merchantPrivateKey"): KeyObject {
  if (text.includes("-----BEGIN"))
    return requireRsa(
      attempt(() => createPrivateKey(text)),
      field,
    );
  const der = bareBase64(text, field);
  const key =
    attempt(() => createPrivateKey({ key: der, format: "der", type: "pkcs8" })) ??
    attempt(() => createPrivateKey({ key: der, format: "der", type: "pkcs1" }));
  return requireRsa(key, field);
}

/** A merchant's or a platform's certificate. Its dates are told, not judged: what verifies is judged at use. */
export function parseCertificate(text: string, field = "certificate"): Certificate {
  const certificate = attempt(() => new X509Certificate(text.includes("-----BEGIN") ? text : bareBase64(text, field)));
  if (!certificate) throw invalid(field, "not_a_certificate");
  return {
    serial: certificate.serialNumber,
    key: requireRsa(certificate.publicKey, field),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}

/** A platform certificate (`id` is its serial) or the WeChat Pay public key (`id` is `PUB_KEY_ID_…`). */
export function parseVerificationKey({ id, pem }: { id: string; pem: string }, field = "verificationKeys"): VerificationKey {
  if (PUBLIC_KEY_ID.test(id)) {
    return { id, key: parsePublicKey(pem, field), notBefore: null, notAfter: null, revokedAt: null };
  }
  const { serial, key, notBefore, notAfter } = parseCertificate(pem, field);
  if (!sameSerial(serial, id)) throw invalid(field, "serial_mismatch", { id: id.slice(0, 64), serial });
  // A certificate is looked up by the text that WeChat Pay sends in its header: upper case.
  return { id: id.toUpperCase(), key, notBefore, notAfter, revokedAt: null };
}

function parsePublicKey(text: string, field: string): KeyObject {
  // `createPublicKey` would also derive one from a private key or a certificate pasted by mistake.
  if (/-----BEGIN (?!(RSA )?PUBLIC KEY)/.test(text)) throw invalid(field, "not_a_public_key");
  const key = text.includes("-----BEGIN")
    ? attempt(() => createPublicKey(text))
    : attempt(() => createPublicKey({ key: bareBase64(text, field), format: "der", type: "spki" }));
  return requireRsa(key, field);
}

/** Serials are 20 bytes as 40 upper-case hex digits; OpenSSL drops leading zero bytes, WeChat Pay need not. */
export const sameSerial = (one: string, other: string): boolean => bareSerial(one) === bareSerial(other);
const bareSerial = (serial: string) => serial.toUpperCase().replace(/^0+/, "");

/** What may be shown of a key pair: SHA-256 of the public half's SPKI form, in hex. Equal for a private key and its certificate. */
export function keyFingerprint(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(publicKey.export({ format: "der", type: "spki" }))
    .digest("hex");
}

function requireRsa(key: KeyObject | null, field: string): KeyObject {
  if (!key) throw invalid(field, "not_a_key");
  if (key.asymmetricKeyType !== "rsa") throw invalid(field, "not_rsa");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MODULUS_BITS_MIN) throw invalid(field, "too_short", { bits });
  return key;
}

function bareBase64(text: string, field: string): Buffer {
  const bare = text.replace(/\s+/g, "");
  if (!/^[0-9A-Za-z+/]+={0,2}$/.test(bare)) throw invalid(field, "not_base64");
  return Buffer.from(bare, "base64");
}

/** OpenSSL's own words are not for people and may quote the material, so only "it did not parse" survives. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const invalid = (field: string, reason: string, details: Record<string, string | number> = {}) =>
  new AppError("channel_invalid", `${field}: ${reason}`, { field, reason, ...details });
