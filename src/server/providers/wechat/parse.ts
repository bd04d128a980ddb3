import type { KeyObject } from "node:crypto";
import { certificatesIn, certifiedKey, invalidMaterial, parsePrivateKey, parsePublicKey, readCertificate } from "../key-material";
import type { VerificationKey } from "../port";

export type Certificate = { serial: string; key: KeyObject; notBefore: Date; notAfter: Date };

const PUBLIC_KEY_ID = /^PUB_KEY_ID_\d{1,53}$/;

/** The key of `apiclient_key.pem`. Throws `channel_invalid`, as all readers here do. */
export const parseMerchantPrivateKey = (text: string): KeyObject => parsePrivateKey("merchantPrivateKey", text);

/** A merchant's or a platform's certificate. Its dates are told, not judged: what verifies is judged at use. */
export function parseCertificate(text: string, field: string): Certificate {
  const certificate = readCertificate(field, certificatesIn(field, text)[0] ?? "");
  return {
    serial: certificate.serialNumber,
    key: certifiedKey(field, certificate),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}

/** A platform certificate (`id` is its serial) or the WeChat Pay public key (`id` is `PUB_KEY_ID_…`). */
export function parseVerificationKey({ id, pem }: { id: string; pem: string }): VerificationKey {
  const field = "verificationKeys";
  if (PUBLIC_KEY_ID.test(id)) {
    return { id, key: parsePublicKey(field, pem), notBefore: null, notAfter: null, revokedAt: null };
  }
  const { serial, key, notBefore, notAfter } = parseCertificate(pem, field);
  if (!sameSerial(serial, id)) throw invalidMaterial(field, "serial_mismatch");
  // A certificate is looked up by the text that WeChat Pay sends in its header: upper case.
  return { id: id.toUpperCase(), key, notBefore, notAfter, revokedAt: null };
}

/** Serials are 20 bytes as 40 upper-case hex digits; OpenSSL drops leading zero bytes, WeChat Pay need not. */
export const sameSerial = (one: string, other: string): boolean => bareSerial(one) === bareSerial(other);
const bareSerial = (serial: string) => serial.toUpperCase().replace(/^0+/, "");
