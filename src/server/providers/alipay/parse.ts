import type { KeyObject, X509Certificate } from "node:crypto";
import { Secret } from "~/lib/secret";
import {
  certificatesIn,
  certifiedKey,
  fingerprintOf,
  invalidMaterial,
  parsePrivateKey,
  parsePublicKey,
  readCertificate,
} from "../key-material";
import type { AlipayChannel, VerificationKey } from "../port";
import { AlipaySdk } from "./sdk";

/** Channel material as a person pastes it: PEM or bare base64. */
export type AlipayMaterial = {
  privateKey: string;
  /** Key mode. */
  alipayPublicKey?: string | null;
  /** Certificate mode: all three. */
  appCert?: string | null;
  alipayCert?: string | null;
  alipayRootCert?: string | null;
  /** Base64 of 16 bytes. */
  aesKey?: string | null;
};

export type ParsedMaterial = Pick<
  AlipayChannel,
  "privateKey" | "keyMode" | "verificationKeys" | "appCertSn" | "alipayRootCertSn" | "aesKey"
> & {
  /** The public key in the application's own certificate, for the doctor; null in key mode. */
  appCertKey: KeyObject | null;
  /** What may be shown of each field afterwards: SHA-256 of the public key, and the dates of a certificate. */
  shown: { field: keyof AlipayMaterial; fingerprint: string; notBefore: Date | null; notAfter: Date | null }[];
};

/** Reads all material of an Alipay channel at once. Throws AppError `channel_invalid` naming the field and the reason, never a value. */
export function parseAlipayMaterial(material: AlipayMaterial): ParsedMaterial {
  const privateKey = parsePrivateKey("privateKey", material.privateKey);
  const aesKey = material.aesKey ? parseAesKey("aesKey", material.aesKey) : null;
  const ownShown = { field: "privateKey" as const, fingerprint: fingerprintOf(privateKey), notBefore: null, notAfter: null };
  if (!material.appCert && !material.alipayCert && !material.alipayRootCert) {
    const key = parsePublicKey("alipayPublicKey", material.alipayPublicKey ?? "");
    const verificationKey: VerificationKey = { id: "key", key, notBefore: null, notAfter: null, revokedAt: null };
    return {
      privateKey,
      keyMode: "public_key",
      verificationKeys: new Map([["key", verificationKey]]),
      appCertSn: null,
      alipayRootCertSn: null,
      aesKey,
      appCertKey: null,
      shown: [ownShown, { field: "alipayPublicKey", fingerprint: fingerprintOf(key), notBefore: null, notAfter: null }],
    };
  }

  const app = parseCertificate("appCert", material.appCert ?? "");
  const alipay = parseCertificate("alipayCert", material.alipayCert ?? "");
  const roots = parseRootBundle("alipayRootCert", material.alipayRootCert ?? "");
  if (!chainsTo(alipay.chain, roots.certificates)) throw invalidMaterial("alipayCert", "chain_broken");
  const verificationKey: VerificationKey = {
    id: alipay.sn,
    key: alipay.key,
    notBefore: alipay.notBefore,
    notAfter: alipay.notAfter,
    revokedAt: null,
  };
  const shownOf = (field: "appCert" | "alipayCert", { key, notBefore, notAfter }: ParsedCertificate) =>
    ({ field, fingerprint: fingerprintOf(key), notBefore, notAfter }) as const;
  return {
    privateKey,
    keyMode: "certificate",
    verificationKeys: new Map([[alipay.sn, verificationKey]]),
    appCertSn: app.sn,
    alipayRootCertSn: roots.sn,
    aesKey,
    appCertKey: app.key,
    shown: [ownShown, shownOf("appCert", app), shownOf("alipayCert", alipay)],
  };
}

export type ParsedCertificate = {
  /** Alipay's certificate number: what `alipay_cert_sn` and `app_cert_sn` carry. */
  sn: string;
  key: KeyObject;
  notBefore: Date;
  notAfter: Date;
  /** The certificate itself, then whatever the file holds besides. */
  chain: X509Certificate[];
};

/** Reads a certificate file; Alipay's own holds its issuer behind the first one. */
export function parseCertificate(field: string, text: string): ParsedCertificate {
  const pems = certificatesIn(field, text);
  const chain = pems.map((pem) => readCertificate(field, pem));
  const [first] = chain;
  if (!first) throw invalidMaterial(field, "not_a_certificate");
  const key = certifiedKey(field, first);
  const { own } = certificateNumbers(field, pems[0] ?? "");
  return { sn: own, key, notBefore: new Date(first.validFrom), notAfter: new Date(first.validTo), chain };
}

/** The root file mixes RSA and SM2 certificates; its number joins those of the RSA ones. */
export function parseRootBundle(field: string, text: string): { sn: string; certificates: X509Certificate[] } {
  const pems = certificatesIn(field, text);
  const { root } = certificateNumbers(field, pems.join("\n"));
  if (!root) throw invalidMaterial(field, "no_rsa_certificate");
  return { sn: root, certificates: pems.map((pem) => readCertificate(field, pem)) };
}

function parseAesKey(field: string, text: string): Secret<Buffer> {
  const compact = text.trim();
  const key = /^[A-Za-z0-9+/]{22}==$/.test(compact) ? Buffer.from(compact, "base64") : null;
  if (key?.length !== 16) throw invalidMaterial(field, "not_16_bytes_of_base64");
  return new Secret(key);
}

/** The official SDK computes the numbers, from issuer names that Node only shows as text; it asks for all three files at once. */
function certificateNumbers(field: string, pem: string): { own: string; root: string } {
  try {
    const config = new AlipaySdk({
      appId: "-",
      privateKey: "-",
      appCertContent: pem,
      alipayPublicCertContent: pem,
      alipayRootCertContent: pem,
    }).config;
    return { own: config.appCertSn, root: config.alipayRootCertSn };
  } catch (cause) {
    throw invalidMaterial(field, "not_a_certificate", cause);
  }
}

const CHAIN_MAX = 5;

/** Whether each certificate was issued by the next, up to one of the roots. Dates are for the moment of use, not for this. */
function chainsTo(chain: readonly X509Certificate[], roots: readonly X509Certificate[]): boolean {
  let [current] = chain;
  for (let depth = 0; current && depth < CHAIN_MAX; depth++) {
    const subject = current;
    if (roots.some((root) => root.fingerprint256 === subject.fingerprint256)) return true;
    current = [...roots, ...chain].find((issuer) => issuer !== subject && issued(issuer, subject));
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}
