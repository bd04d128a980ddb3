import { createCipheriv, createDecipheriv, createHash, sign, verify, X509Certificate } from "node:crypto";
import { type Charset, encodeText } from "../crypto/gbk";
import { privateKey, publicKey } from "../crypto/keys";

/** The text under a signature: names in ASCII order, `name=value` joined by `&`, nothing for a parameter without a value. */
export function canonicalText(parameters: Iterable<readonly [string, string]>, without: readonly string[]): string {
  return [...parameters]
    .filter(([name, value]) => value !== "" && !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** RSA2 is SHA256withRSA; the other kind, SHA-1, is never used. */
export const signText = (text: string, charset: Charset, privatePem: string): string =>
  sign("sha256", encodeText(text, charset), privateKey(privatePem)).toString("base64");

export function isSignedBy(text: string, charset: Charset, signature: string, publicPem: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false;
  return verify("sha256", encodeText(text, charset), publicKey(publicPem), Buffer.from(signature, "base64"));
}

/** Hex MD5 of issuer text and decimal serial, as Alipay numbers certificates. */
export function certificateSn(certificatePem: string): string {
  const certificate = new X509Certificate(certificatePem);
  // Node prints one RDN a line, least specific first; Alipay wants the most specific first.
  const issuer = certificate.issuer.split("\n").reverse().join(",");
  return createHash("md5")
    .update(`${issuer}${BigInt(`0x${certificate.serialNumber}`)}`, "utf8")
    .digest("hex");
}

const RSA_SIGNATURE_OID = Buffer.from("2a864886f70d0101", "hex");

/** The numbers of the RSA-signed certificates of a bundle, joined in file order. */
export function rootCertificateSn(bundlePem: string): string {
  const pems = bundlePem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return pems
    .filter((pem) => {
      // The signature algorithm stands twice in a certificate, the second time right before the signature itself.
      const raw = new X509Certificate(pem).raw;
      const at = raw.lastIndexOf(RSA_SIGNATURE_OID);
      return at > raw.length - 600 && at !== -1;
    })
    .map(certificateSn)
    .join("_");
}

const ZERO_IV = Buffer.alloc(16);

export function encryptAes(plain: string, keyBase64: string): string {
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(keyBase64, "base64"), ZERO_IV);
  return Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]).toString("base64");
}

/** Null when the text was not encrypted with this key. */
export function decryptAes(encrypted: string, keyBase64: string): string | null {
  try {
    const decipher = createDecipheriv("aes-128-cbc", Buffer.from(keyBase64, "base64"), ZERO_IV);
    return Buffer.concat([decipher.update(Buffer.from(encrypted, "base64")), decipher.final()]).toString("utf8");
  } catch {
    // Wrong key and broken padding look alike, and mean the same here.
    return null;
  }
}
