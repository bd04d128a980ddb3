import { createHash, type KeyObject } from "node:crypto";
import type { CreateChannelInput, KeyKind, ReplaceKeysInput } from "~/domain/channel";
import { parseCertificate as parseAlipayCertificate, parseAlipayMaterial } from "~/server/providers/alipay/parse";
import { fingerprintOf } from "~/server/providers/key-material";
import type { VerificationKey } from "~/server/providers/port";
import { parseApiV3Key } from "~/server/providers/wechat/cipher";
import { parseCertificate, parseMerchantPrivateKey, parseVerificationKey } from "~/server/providers/wechat/parse";

/** One piece of key material after it was read: what its row will hold. */
export type Piece = {
  kind: KeyKind;
  text: string;
  keyId: string | null;
  /** SHA-256 of the public half, upper-case hex; null for a symmetric key, whose digest must be keyed. */
  fingerprint: string | null;
  last4: string | null;
  notBefore: Date | null;
  notAfter: Date | null;
};

type AlipayInput = Extract<CreateChannelInput, { provider: "alipay" }>;
type WechatInput = Extract<CreateChannelInput, { provider: "wechat" }>;
export type AlipayKeys = NonNullable<ReplaceKeysInput["alipay"]>;
export type WechatKeys = Omit<NonNullable<ReplaceKeysInput["wechat"]>, "merchantSerial">;

/** Which row each field of an Alipay channel becomes. */
export const ALIPAY_KINDS = {
  privateKey: "private_key",
  alipayPublicKey: "alipay_public_key",
  appCert: "app_cert",
  alipayCert: "alipay_cert",
  alipayRootCert: "alipay_root_cert",
  aesKey: "aes_key",
} as const satisfies Record<keyof AlipayKeys, KeyKind>;

/** Reads all material of an Alipay channel together, as certificates must chain to the root. Throws `channel_invalid` naming the field. */
export function readAlipayMaterial(keys: Omit<AlipayKeys, "privateKey"> & Pick<AlipayInput, "privateKey">): {
  keyMode: "public_key" | "certificate";
  pieces: Piece[];
} {
  const parsed = parseAlipayMaterial(keys);
  const own = plainPiece("private_key", keys.privateKey, parsed.privateKey);
  const aes: Piece[] = keys.aesKey ? [symmetricPiece("aes_key", keys.aesKey)] : [];
  const [verifying] = parsed.verificationKeys.values();
  if (parsed.keyMode === "public_key") {
    const theirs = verifying ? [plainPiece("alipay_public_key", keys.alipayPublicKey ?? "", verifying.key)] : [];
    return { keyMode: "public_key", pieces: [own, ...theirs, ...aes] };
  }
  const { appCert = "", alipayCert = "", alipayRootCert = "" } = keys;
  const certificates: Piece[] = [
    { ...certificatePiece("app_cert", appCert, parseAlipayCertificate("appCert", appCert)), keyId: parsed.appCertSn },
    { ...certificatePiece("alipay_cert", alipayCert, parseAlipayCertificate("alipayCert", alipayCert)), keyId: verifying?.id ?? null },
    {
      kind: "alipay_root_cert",
      text: alipayRootCert,
      keyId: parsed.alipayRootCertSn,
      // Several certificates, so the file as a whole.
      fingerprint: createHash("sha256").update(alipayRootCert).digest("hex").toUpperCase(),
      last4: null,
      notBefore: null,
      notAfter: null,
    },
  ];
  return { keyMode: "certificate", pieces: [own, ...certificates, ...aes] };
}

/** Reads the given material of a WeChat Pay channel. Throws `channel_invalid` naming the field. */
export function readWechatMaterial(keys: WechatKeys): Piece[] {
  const pieces: Piece[] = [];
  if (keys.merchantPrivateKey)
    pieces.push(plainPiece("private_key", keys.merchantPrivateKey, parseMerchantPrivateKey(keys.merchantPrivateKey)));
  if (keys.merchantCert) {
    const certificate = parseCertificate(keys.merchantCert, "merchantCert");
    pieces.push({ ...certificatePiece("merchant_cert", keys.merchantCert, certificate), keyId: certificate.serial });
  }
  if (keys.apiV3Key) {
    parseApiV3Key(keys.apiV3Key);
    pieces.push({ ...symmetricPiece("api_v3_key", keys.apiV3Key.trim()), last4: keys.apiV3Key.trim().slice(-4) });
  }
  for (const given of keys.verificationKeys ?? []) pieces.push(verificationPiece(parseVerificationKey(given)));
  return pieces;
}

/** Of a platform certificate only the key, number and dates count, so that is what is kept. */
export function verificationPiece({ id, key, notBefore, notAfter }: Pick<VerificationKey, "id" | "key" | "notBefore" | "notAfter">): Piece {
  const text = key.export({ type: "spki", format: "pem" }).toString();
  return { ...plainPiece("verification_key", text, key), keyId: id, notBefore, notAfter };
}

export function readMaterial(input: CreateChannelInput): { keyMode: "public_key" | "certificate" | "wechat"; pieces: Piece[] } {
  return input.provider === "alipay" ? readAlipayMaterial(input) : { keyMode: "wechat", pieces: readWechatMaterial(wechatKeysOf(input)) };
}

const wechatKeysOf = ({ merchantPrivateKey, merchantCert, apiV3Key, verificationKeys }: WechatInput): WechatKeys => ({
  merchantPrivateKey,
  merchantCert,
  apiV3Key,
  verificationKeys,
});

const plainPiece = (kind: KeyKind, text: string, key: KeyObject): Piece => ({
  kind,
  text,
  keyId: null,
  fingerprint: fingerprintOf(key).toUpperCase(),
  last4: null,
  notBefore: null,
  notAfter: null,
});

const certificatePiece = (kind: KeyKind, text: string, certificate: { key: KeyObject; notBefore: Date; notAfter: Date }): Piece => ({
  ...plainPiece(kind, text, certificate.key),
  notBefore: certificate.notBefore,
  notAfter: certificate.notAfter,
});

const symmetricPiece = (kind: KeyKind, text: string): Piece => ({
  kind,
  text,
  keyId: null,
  fingerprint: null,
  last4: null,
  notBefore: null,
  notAfter: null,
});
