import { verify } from "node:crypto";
import type { RefusalCause } from "~/domain/notification";
import type { VerificationKey } from "../port";
import { SCHEME } from "./sign";

/** Beyond this age, or this far ahead, a message is refused: notifications and answers alike (CB-06). */
const WINDOW_SECONDS = 300;

/** WeChat Pay's deliberately wrong signatures begin so. They get no special treatment: the name serves logs only. */
const PROBE_PREFIX = "WECHATPAY/SIGNTEST/";

/** Header names are asked for in lower case. A header that came twice is joined by a comma, as `node:http` does. */
export type SignedMessage = { header(name: string): string | null; body: Buffer };

export type Refused = { ok: false; cause: RefusalCause; evidence: string | null };
type Stage<T> = ({ ok: true } & T) | Refused;

export type SignatureHeaders = { timestamp: string; nonce: string; serial: string; signature: string };

// No pattern allows a comma, so two headers joined into one never pass.
const HEADERS = [
  ["timestamp", "wechatpay-timestamp", /^\d{10}$/],
  ["nonce", "wechatpay-nonce", /^[\x21-\x2b\x2d-\x7e]{1,128}$/],
  ["serial", "wechatpay-serial", /^[0-9A-Za-z_]{8,64}$/],
  ["signature", "wechatpay-signature", /^[0-9A-Za-z+/]{1,1368}={0,2}$/],
] as const;

/** All four headers once each, well formed, fresh, of the one signature type. */
export function readSignatureHeaders(message: SignedMessage, now: Date): Stage<{ headers: SignatureHeaders }> {
  const headers: SignatureHeaders = { timestamp: "", nonce: "", serial: "", signature: "" };
  for (const [field, name] of HEADERS) {
    const value = message.header(name);
    if (value === null || value === "") return refused("missing_header", name);
    headers[field] = value;
  }
  for (const [field, name, pattern] of HEADERS) {
    if (pattern.test(headers[field])) continue;
    return refused(headers[field].includes(",") ? "doubled_header" : "malformed_header", name);
  }
  const age = Math.round(now.getTime() / 1000 - Number(headers.timestamp));
  if (Math.abs(age) > WINDOW_SECONDS) return refused("stale_timestamp", `${age} s`);

  const type = message.header("wechatpay-signature-type");
  if (type !== null && type !== SCHEME) return refused("signature_type", type.slice(0, 40));
  return { ok: true, headers };
}

/** Exact lookup, then validity: what has expired, is revoked or not yet valid verifies nothing (CB-07). */
export function chooseKey(keys: ReadonlyMap<string, VerificationKey>, serial: string, now: Date): Stage<{ key: VerificationKey }> {
  const key = keys.get(serial);
  if (!key) return refused("unknown_serial", serial);
  if (key.revokedAt && key.revokedAt <= now) return refused("revoked_key", serial);
  if (key.notBefore && key.notBefore > now) return refused("key_not_yet_valid", serial);
  if (key.notAfter && key.notAfter <= now) return refused("expired_key", serial);
  // The digest is named below, the scheme comes with the key: only plain RSA is ours.
  if (key.key.asymmetricKeyType !== "rsa") return refused("key_type", serial);
  return { ok: true, key };
}

const LF = Buffer.from("\n");

/** Three lines over the raw bytes; an empty body still has its LF. */
export const signedMessage = ({ timestamp, nonce }: SignatureHeaders, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, LF]);

export function checkSignature(key: VerificationKey, message: Buffer, signature: string): { ok: true } | Refused {
  // The decoder forgives what is no whole Base64; then one signature could be written in many ways.
  const whole = signature.length % 4 === 0;
  // 21 µs: cheaper here than the trip to the thread pool and back.
  if (whole && verify("RSA-SHA256", message, key.key, Buffer.from(signature, "base64"))) return { ok: true };
  return refused(signature.startsWith(PROBE_PREFIX) ? "signature_probe" : "bad_signature", key.id);
}

/** The whole check in its order, for answers. Notifications run the same stages one by one, to time each. */
export function verifyMessage(
  keys: ReadonlyMap<string, VerificationKey>,
  message: SignedMessage,
  now: Date,
): { ok: true; keyId: string } | Refused {
  const read = readSignatureHeaders(message, now);
  if (!read.ok) return read;
  const chosen = chooseKey(keys, read.headers.serial, now);
  if (!chosen.ok) return chosen;
  const checked = checkSignature(chosen.key, signedMessage(read.headers, message.body), read.headers.signature);
  return checked.ok ? { ok: true, keyId: chosen.key.id } : checked;
}

/** Whether a message claims to be signed at all: one without any such header may be an unsigned error. */
export const claimsSignature = (message: SignedMessage): boolean => HEADERS.some(([, name]) => message.header(name) !== null);

const refused = (cause: RefusalCause, evidence: string | null): Refused => ({ ok: false, cause, evidence });
