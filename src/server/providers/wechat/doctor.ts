import { ProviderError } from "~/lib/errors";
import { randomBase32 } from "~/lib/id";
import { fingerprintOf } from "../key-material";
import type { CallOptions, VerificationKey, WechatChannel } from "../port";
import type { ProviderResponse } from "../transport";
import { fetchCertificates } from "./certificates";
import { asSigned, exchange, readErrorBody } from "./client";
import { type Certificate, sameSerial } from "./parse";
import { claimsSignature, verifyMessage } from "./verify";

/** One thing that was tried. `cause` and `next` are stable words which the screen puts into sentences. */
export type WechatCheck = {
  name: "key_pair" | "gateway" | "signature" | "apiv3_key" | "clock";
  /** Only what was proven is ok: `not_proven` says that nothing spoke against it, and what will tell. */
  ok: boolean;
  /** Safe to show to the tenant: fingerprints, statuses, serials, seconds. */
  evidence: string;
  cause?: string;
  next?: string;
  ms: number;
};
type Finding = Omit<WechatCheck, "name" | "ms">;

/** Asks WeChat Pay about an order that cannot exist and for its certificates, and tells what each answer proves. Changes nothing there. */
export async function examineWechat(
  channel: WechatChannel,
  options: CallOptions & { merchantCertificate?: Certificate | null },
): Promise<WechatCheck[]> {
  const [pair, pairMs] = await timed(async () => examineKeyPair(channel, options.merchantCertificate ?? null, options.now()));
  const [asked, askedMs] = await timed(() => askForNothing(channel, options));
  const [listed, listedMs] = await timed(() => listCertificates(channel, options));

  const code = asked instanceof ProviderError ? null : readErrorBody(asked.body).code;
  const refused = !(asked instanceof ProviderError) && asked.status === 401;
  return [
    { name: "key_pair", ...(refused && pair.ok ? refusedPair(pair, code) : pair), ms: pairMs },
    { name: "gateway", ...examineGateway(asked, code), ms: askedMs },
    { name: "signature", ...examineSignature(channel, asked, listed, options.now()), ms: listedMs },
    { name: "apiv3_key", ...examineApiV3Key(channel, listed), ms: listedMs },
    { name: "clock", ...examineClock(asked, options.now()), ms: askedMs },
  ];
}

function examineKeyPair(channel: WechatChannel, certificate: Certificate | null, now: Date): Finding {
  const fingerprint = fingerprintOf(channel.privateKey);
  const evidence = `SHA-256 ${fingerprint.slice(0, 16)}…`;
  if (!certificate) return { ok: true, evidence };
  if (fingerprintOf(certificate.key) !== fingerprint) return failed(evidence, "key_mismatch", "upload_matching_key");
  if (!sameSerial(certificate.serial, channel.merchantSerial))
    return failed(certificate.serial, "serial_mismatch", "use_certificate_serial");
  if (certificate.notAfter <= now) return failed(certificate.notAfter.toISOString(), "certificate_expired", "renew_merchant_certificate");
  return { ok: true, evidence: `${evidence}, ${certificate.serial}` };
}

/** A 401 blames what we sign with: key, serial and merchant do not belong together, or the clock is wrong. */
const refusedPair = ({ evidence }: Finding, code: string | null): Finding =>
  failed(`${evidence}, HTTP 401 ${code ?? ""}`.trim(), "sign_error", "check_serial_key_and_merchant");

function askForNothing(channel: WechatChannel, options: CallOptions): Promise<ProviderResponse | ProviderError> {
  const params = { out_trade_no: `doctor_${randomBase32(25)}` };
  const path = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
  return orError(exchange(channel, { method: "GET", path, params, query: { mchid: channel.mchid } }, options));
}

const listCertificates = (channel: WechatChannel, options: CallOptions): Promise<VerificationKey[] | ProviderError> =>
  orError(fetchCertificates(channel, options));

/** Nothing came back that could be looked at, so only time or the network can help. */
const PASSING: ReadonlySet<string> = new Set(["circuit_open", "timeout", "connection_lost"]);

/** That an order unknown to it is called unknown shows that the gateway read our signature, merchant and serial. */
function examineGateway(asked: ProviderResponse | ProviderError, code: string | null): Finding {
  if (asked instanceof ProviderError) return failed(asked.code, asked.code, PASSING.has(asked.code) ? "wait_and_retry" : "check_network");
  const requestId = asked.headers["request-id"];
  const evidence = [`HTTP ${asked.status}`, code, typeof requestId === "string" ? requestId.slice(0, 64) : null].filter(Boolean).join(", ");
  if (code?.replaceAll("_", "") === "ORDERNOTEXIST" || asked.status === 401) return { ok: true, evidence };
  if (asked.status === 429 || asked.status >= 500) return failed(evidence, "provider_busy", "wait_and_retry");
  return failed(evidence, "unexpected_answer", "see_provider_console");
}

function examineSignature(
  channel: WechatChannel,
  asked: ProviderResponse | ProviderError,
  listed: VerificationKey[] | ProviderError,
  now: Date,
): Finding {
  // Errors may be signed too, and one that is signed shows whether a key of ours is the right one.
  if (!(asked instanceof ProviderError) && claimsSignature(asSigned(asked))) {
    const checked = verifyMessage(channel.verificationKeys, asSigned(asked), now);
    return checked.ok
      ? { ok: true, evidence: checked.keyId }
      : failed(checked.evidence ?? "", checked.cause, nextForSignature(checked.cause));
  }
  if (!(listed instanceof ProviderError)) {
    const evidence = listed.map(({ id }) => id).join(", ");
    const known = listed.some(({ id }) => channel.verificationKeys.has(id));
    return known ? { ok: true, evidence } : failed(evidence, "unknown_serial", "update_platform_keys");
  }
  if (listed.kind === "declined") return failed("no signed answer", "not_proven", "await_first_payment");
  if (listed.extra.httpStatus === 200) return failed(listed.code, listed.code, nextForSignature(listed.code));
  return failed(listed.code, "no_answer", "fix_gateway_first");
}

const KEY_TROUBLE: ReadonlySet<string> = new Set([
  "unknown_serial",
  "revoked_key",
  "expired_key",
  "key_not_yet_valid",
  "bad_signature",
  "key_type",
]);

const nextForSignature = (cause: string): string =>
  KEY_TROUBLE.has(cause) ? "update_platform_keys" : cause === "stale_timestamp" ? "synchronise_clock" : "check_gateway_address";

function examineApiV3Key(channel: WechatChannel, listed: VerificationKey[] | ProviderError): Finding {
  if (!(listed instanceof ProviderError)) return { ok: true, evidence: `${listed.length} certificates decrypted` };
  if (listed.code === "tag_mismatch") return failed(`${channel.apiV3Keys.length} tried`, "tag_mismatch", "enter_apiv3_key_again");
  // In public-key mode WeChat Pay has nothing encrypted to give before the first notification.
  if (listed.kind === "declined") return failed("32 bytes", "not_proven", "await_first_notification");
  return failed(listed.code, "no_answer", "fix_gateway_first");
}

/** WeChat Pay refuses requests, and we refuse answers, that are five minutes off; a minute is reason enough to look. */
const SKEW_MAX_SECONDS = 60;

function examineClock(asked: ProviderResponse | ProviderError, now: Date): Finding {
  if (asked instanceof ProviderError) return failed(asked.code, "no_server_time", "fix_gateway_first");
  const signedAt = asSigned(asked).header("wechatpay-timestamp");
  const theirs = signedAt && /^\d{10}$/.test(signedAt) ? Number(signedAt) * 1000 : Date.parse(asSigned(asked).header("date") ?? "");
  if (Number.isNaN(theirs)) return failed("", "no_server_time", "fix_gateway_first");
  const skew = Math.round((now.getTime() - theirs) / 1000);
  const evidence = `${skew >= 0 ? "+" : ""}${skew} s`;
  return Math.abs(skew) <= SKEW_MAX_SECONDS ? { ok: true, evidence } : failed(evidence, "clock_skew", "synchronise_clock");
}

const failed = (evidence: string, cause: string, next: string): Finding => ({ ok: false, evidence, cause, next });

async function orError<T>(call: Promise<T>): Promise<T | ProviderError> {
  return call.catch((error: unknown) => {
    if (error instanceof ProviderError) return error;
    throw error;
  });
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const since = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - since)];
}
