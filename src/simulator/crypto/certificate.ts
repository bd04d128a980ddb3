import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { after, days } from "~/lib/time";
import * as der from "./der";

/** Distinguished name, least specific first, as certificates order it. */
export type Name = { C: string; O: string; OU?: string; CN: string };

const NAME_OIDS = { C: "2.5.4.6", O: "2.5.4.10", OU: "2.5.4.11", CN: "2.5.4.3" } as const;
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

function nameDer(name: Name): Buffer {
  const parts = (["C", "O", "OU", "CN"] as const).flatMap((key) => {
    const value = name[key];
    if (value === undefined) return [];
    const text = key === "C" ? der.printableString(value) : der.utf8String(value);
    return [der.setOf(der.sequence(der.oid(NAME_OIDS[key]), text))];
  });
  return der.sequence(...parts);
}

export type CertificateOrder = {
  subject: Name;
  /** SPKI of any kind. */
  publicKey: KeyObject;
  issuer: Name;
  issuerKey: KeyObject;
  notBefore: Date;
  lifeDays: number;
  isAuthority: boolean;
};

/** Issues an X.509 v3 certificate with a random serial of 20 bytes, and answers its PEM. */
export function issueCertificate(order: CertificateOrder): string {
  const serial = randomBytes(20);
  // Positive and of full length, so that its hex always has 40 digits.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const isRsa = order.issuerKey.asymmetricKeyType === "rsa";
  const algorithm = isRsa ? der.sequence(der.oid(SHA256_WITH_RSA), der.nullValue()) : der.sequence(der.oid(ECDSA_WITH_SHA256));
  const basicConstraints = der.sequence(
    der.oid("2.5.29.19"),
    der.boolean(true),
    der.octetString(order.isAuthority ? der.sequence(der.boolean(true)) : der.sequence()),
  );
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    nameDer(order.issuer),
    der.sequence(der.time(order.notBefore), der.time(after(order.notBefore, days(order.lifeDays)))),
    nameDer(order.subject),
    order.publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(basicConstraints)),
  );
  const signature = sign("sha256", body, order.issuerKey);
  const base64 = der.sequence(body, algorithm, der.bitString(signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, "$1\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
}

/** 40 upper-case hex digits. */
export const serialOf = (certificatePem: string): string => new X509Certificate(certificatePem).serialNumber.padStart(40, "0");

/** Reads PEM or bare Base64 (SPKI), as consoles hand it out. Throws on anything that is not an RSA public key. */
export function readRsaPublicKey(text: string): KeyObject {
  const trimmed = text.trim();
  const key = trimmed.startsWith("-----")
    ? createPublicKey(trimmed)
    : createPublicKey({ key: Buffer.from(trimmed.replace(/\s+/g, ""), "base64"), format: "der", type: "spki" });
  if (key.asymmetricKeyType !== "rsa") throw new Error("not an RSA key");
  return key;
}

export const readPrivateKey = (pem: string): KeyObject => createPrivateKey(pem);
