import { createHash } from "node:crypto";
import type { RefusalCause } from "~/domain/notification";
import { fenFromYuan } from "~/lib/money";
import { instantFromBeijing } from "~/lib/time";
import type { AlipayChannel, RawNotification, TradeView, VerificationKey, VerifiedNotification, VerifyStep } from "../port";
import { isLive } from "../rsa";
import { parseForm } from "./form";
import { signatureBytes, verifyBytes } from "./sign";

type Accepted = Extract<VerifiedNotification, { ok: true }>;
type News = Pick<Accepted, "kind" | "messageId" | "trade" | "refund">;
type Refusal = { cause: RefusalCause; evidence: string | null };
type Fields = ReadonlyMap<string, string>;

/**
 * Verifies and reads a message of Alipay: trade news, and message-service envelopes as kind `other`. Whether the identities are
 * this channel's is for the caller, who holds the order. About 50 µs, of which the signature takes 21.
 */
export function verifyNotification(channel: AlipayChannel, raw: RawNotification, now: Date): VerifiedNotification {
  const steps: VerifyStep[] = [];
  let lookedAt = performance.now();
  const note = (name: VerifyStep["name"], cause: VerifyStep["cause"], evidence: string | null) => {
    const at = performance.now();
    steps.push({ name, ok: cause === null, cause, evidence, ms: Math.round((at - lookedAt) * 1_000) / 1_000 });
    lookedAt = at;
  };
  let fields: Fields | null = null;
  let signedText: string | null = null;
  const refuse = (failedStep: VerifyStep["name"], cause: RefusalCause, evidence: string | null): VerifiedNotification => {
    note(failedStep, cause, evidence);
    return { ok: false, provider: "alipay", failedStep, cause, keyId: null, signedText, claimed: claimsOf(fields), steps };
  };

  try {
    note("channel", null, channel.channelId);

    const envelope = envelopeRefusal(raw);
    if (envelope) return refuse("format", envelope.cause, envelope.evidence);
    const form = parseForm(raw.body);
    if ("cause" in form) return refuse("format", form.cause, form.evidence);
    fields = form.fields;
    note("format", null, `${fields.size} fields, ${raw.body.length} bytes`);

    const live = [...channel.verificationKeys.values()].filter((key) => isLive(key, now));
    if (live.length === 0) return refuse("key", "no_live_key", `${channel.verificationKeys.size} configured`);
    note("key", null, live.map(({ id }) => id).join(" "));

    signedText = form.signedText;
    note("signed_text", null, `${form.signedBytes.length} bytes`);

    const sign = fields.get("sign");
    if (!sign) return refuse("signature", "unsigned", null);
    const signature = signatureBytes(sign);
    if (!signature) return refuse("signature", "malformed_signature", `${sign.length} characters`);
    const key = live.find((candidate) => verifyBytes(form.signedBytes, signature, candidate.key));
    if (!key) return refuse("signature", "bad_signature", signatureEvidence(fields, live));
    note("signature", null, `RSA-SHA256, ${key.id}`);

    const news = readNews(fields);
    if ("cause" in news) return refuse("fields", news.cause, news.evidence);
    note("fields", null, fields.get("notify_type") ?? fields.get("msg_method") ?? null);
    return { ok: true, provider: "alipay", ...news, keyId: key.id, signedText, steps };
  } catch (error) {
    // A message that breaks the reader is refused like any other doubt (security ERR-03); the name tells us where to look.
    return refuse("format", "unreadable", error instanceof Error ? error.name : null);
  }
}

const BODY_MAX = 64 * 1024;

function envelopeRefusal(raw: RawNotification): Refusal | null {
  if (raw.method !== "POST") return { cause: "not_post", evidence: null };
  if (raw.body.length > BODY_MAX) return { cause: "too_large", evidence: `${raw.body.length} bytes` };
  // Alipay adds `; text/html; charset=utf-8` after the type: only what stands first counts.
  const type = (raw.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/x-www-form-urlencoded" ? null : { cause: "content_type", evidence: (type ?? "").slice(0, 60) };
}

const signatureEvidence = (fields: Fields, tried: readonly VerificationKey[]) =>
  fields.get("sign_type") === "RSA" ? "signed as RSA (SHA-1)? only RSA2 is accepted" : `${tried.length} key(s) tried`;

const claimsOf = (fields: Fields | null) => ({
  outTradeNo: claim(fields?.get("out_trade_no")),
  amount: claim(fields?.get("total_amount")),
});
const claim = (text: string | undefined) => (text && /^[\w.-]{1,64}$/.test(text) ? text : null);

const WALL_CLOCK = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const AMOUNT = /^\d{1,9}\.\d{2}$/;
const ACCOUNT = /^\d{16}$/;

const TRADE_REQUIRED: readonly (readonly [string, RegExp])[] = [
  ["notify_id", /^[\w-]{1,128}$/],
  ["notify_time", WALL_CLOCK],
  ["version", /^1\.0$/],
  ["app_id", /^\d{8,32}$/],
  ["seller_id", ACCOUNT],
  ["out_trade_no", /^[\w-]{1,64}$/],
  ["trade_no", /^\d{8,64}$/],
  ["trade_status", /^(?:WAIT_BUYER_PAY|TRADE_SUCCESS|TRADE_FINISHED|TRADE_CLOSED)$/],
  ["total_amount", AMOUNT],
];
const TRADE_OPTIONAL: readonly (readonly [string, RegExp])[] = [
  ["receipt_amount", AMOUNT],
  ["refund_fee", AMOUNT],
  ["gmt_payment", WALL_CLOCK],
  ["gmt_close", WALL_CLOCK],
  ["gmt_refund", /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,3})?$/],
  ["out_biz_no", /^[\w-]{1,64}$/],
  ["buyer_id", ACCOUNT],
  ["buyer_open_id", /^[\w-]{1,128}$/],
  ["buyer_logon_id", /^[^\p{Cc}]{1,100}$/u],
];
const ENVELOPE_REQUIRED: readonly (readonly [string, RegExp])[] = [
  ["notify_id", /^[\w-]{1,64}$/],
  ["utc_timestamp", /^\d{13}$/],
  ["msg_method", /^[\w.]{1,100}$/],
  ["app_id", /^\d{8,32}$/],
  ["version", /^1\.[01]$/],
  ["biz_content", /./s],
];
const NOTICE_REQUIRED: readonly (readonly [string, RegExp])[] = [
  ["notify_id", /^[\w-]{1,128}$/],
  ["notify_type", /^[\w.]{1,100}$/],
];

function readNews(fields: Fields): News | Refusal {
  if (fields.has("msg_method")) {
    return misfit(fields, ENVELOPE_REQUIRED, []) ?? other(fields, ["msg_method", "notify_id", "app_id", "biz_content"]);
  }
  if (fields.get("notify_type") !== "trade_status_sync") {
    return misfit(fields, NOTICE_REQUIRED, []) ?? other(fields, ["notify_type", "notify_id", "app_id", "biz_content"]);
  }
  return misfit(fields, TRADE_REQUIRED, TRADE_OPTIONAL) ?? tradeNews(fields);
}

/** The first field that is missing or does not look as it must. Never answers its value. */
function misfit(fields: Fields, required: typeof TRADE_REQUIRED, optional: typeof TRADE_OPTIONAL): Refusal | null {
  for (const [name, pattern] of required) {
    const value = fields.get(name);
    if (value === undefined) return { cause: "missing_field", evidence: name };
    if (!pattern.test(value)) return { cause: "malformed_field", evidence: name };
  }
  for (const [name, pattern] of optional) {
    const value = fields.get(name);
    if (value !== undefined && !pattern.test(value)) return { cause: "malformed_field", evidence: name };
  }
  return null;
}

const other = (fields: Fields, identity: readonly string[]): News => ({
  kind: "other",
  messageId: digest(fields, identity),
  trade: null,
  refund: null,
});

/** What makes news of a trade the same news. The notification's own id is left out: only facts of the trade count. */
const TRADE_IDENTITY = [
  "app_id",
  "seller_id",
  "out_trade_no",
  "trade_no",
  "trade_status",
  "total_amount",
  "out_biz_no",
  "refund_fee",
  "gmt_refund",
] as const;

function digest(fields: Fields, names: readonly string[]): string {
  let text = "";
  for (const name of names) text += `${name}=${fields.get(name) ?? ""}\n`;
  return createHash("sha256").update(text).digest("base64url");
}

function tradeNews(fields: Fields): News | Refusal {
  const field = (name: string) => fields.get(name) ?? null;
  const known = (name: string) => fields.get(name) ?? "";
  const amountOf = (name: string) => (fields.has(name) ? fenFromYuan(known(name)) : null);
  const refunded = amountOf("refund_fee");
  const outBizNo = field("out_biz_no");
  // A refund repeats TRADE_SUCCESS, or says TRADE_CLOSED like an unpaid order: its own fields tell it apart (security CB-10).
  const status = known("trade_status");
  const closedAfterPaying = status === "TRADE_CLOSED" && fields.has("gmt_payment");
  const isRefund = (refunded !== null && refunded > 0n) || outBizNo !== null || fields.has("gmt_refund") || closedAfterPaying;
  const paidText = field("gmt_payment");
  const paidAt = paidText === null ? null : instantOrNull(paidText);
  if (paidText !== null && paidAt === null) return { cause: "malformed_field", evidence: "gmt_payment" };

  const trade: TradeView = {
    state: isRefund ? "refunded" : STATES[status as keyof typeof STATES],
    providerState: status,
    outTradeNo: known("out_trade_no"),
    providerTradeNo: known("trade_no"),
    amount: fenFromYuan(known("total_amount")),
    receipt: amountOf("receipt_amount"),
    refunded,
    appId: known("app_id"),
    sellerId: known("seller_id"),
    // Trade news is in yuan by contract and names no currency.
    currency: null,
    buyerId: field("buyer_id") ?? field("buyer_open_id"),
    buyerAccount: field("buyer_logon_id"),
    paidAt,
  };
  // The refund's own amount is not said: `refund_fee` is the sum of all refunds so far.
  const refund = isRefund
    ? { outTradeNo: trade.outTradeNo, outRefundNo: outBizNo ?? trade.outTradeNo, providerRefundNo: null, amount: null, state: status }
    : null;
  return { kind: isRefund ? "refund" : "trade", messageId: digest(fields, TRADE_IDENTITY), trade, refund };
}

const STATES = { WAIT_BUYER_PAY: "waiting", TRADE_SUCCESS: "paid", TRADE_FINISHED: "paid", TRADE_CLOSED: "closed" } as const;

/** The pattern has fitted; a day such as 2026-02-30 still has not. */
function instantOrNull(text: string): Date | null {
  try {
    return instantFromBeijing(text);
  } catch {
    return null;
  }
}
