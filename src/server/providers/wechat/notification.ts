import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { RefusalCause } from "~/domain/notification";
import type { RawNotification, TradeView, VerifiedNotification, VerifyStep, WechatChannel } from "../port";
import { DecipherError, readSealed, type Sealed, unseal } from "./cipher";
import { type Json, JsonError, type JsonObject, parseJson } from "./exact-json";
import { FieldError, isObject, MCHID, OUT_REFUND_NO, OUT_TRADE_NO, PROVIDER_NO, readFen, readObject, readText } from "./fields";
import { readTransaction } from "./transaction";
import { checkSignature, chooseKey, readSignatureHeaders, type SignatureHeaders, signedMessage } from "./verify";

const BODY_MAX_BYTES = 65_536;
const CONTENT_TYPE = /^application\/json\s*(;\s*charset=utf-8\s*)?$/i;

type Accepted = Extract<VerifiedNotification, { ok: true }>;
type Refusal = Extract<VerifiedNotification, { ok: false }>;
type Envelope = { id: string; eventType: string; sealed: Sealed };
type News = Pick<Accepted, "kind" | "trade" | "refund"> & { decisive: readonly unknown[] };

/**
 * Verifies the raw bytes, then parses, decrypts and reads a notification. Synchronous and without the network: it sits on
 * the hot path. Whether the news fits one of our orders (identities, number, amount) is for the service to decide.
 */
export function verifyNotification(channel: WechatChannel, raw: RawNotification, now: Date): VerifiedNotification {
  const look = new Look();
  try {
    return look.at(channel, raw, now);
  } catch (error) {
    // Fail closed: whatever went wrong in a check is a refusal (CB-02), and says its kind.
    return look.refuse(causeOf(error), evidenceOf(error));
  }
}

/** One look at one message: what has been found so far, and how long each step took. */
class Look {
  readonly #steps: VerifyStep[] = [];
  #since = performance.now();
  #doing: VerifyStep["name"] = "channel";
  #keyId: string | null = null;
  /** As the bytes that were verified: their text is made only for who asks. */
  #signed: Buffer | null = null;
  #claimed: Refusal["claimed"] = { outTradeNo: null, amount: null };

  at(channel: WechatChannel, raw: RawNotification, now: Date): VerifiedNotification {
    this.#pass("format", channel.channelId);

    const misshapen = shapeProblem(raw);
    if (misshapen) return this.refuse(misshapen, null);
    const read = readSignatureHeaders(raw, now);
    if (!read.ok) return this.refuse(read.cause, read.evidence);
    const { headers } = read;
    this.#keyId = headers.serial;
    this.#pass("key", `${raw.body.length} bytes`);

    const chosen = chooseKey(channel.verificationKeys, headers.serial, now);
    if (!chosen.ok) {
      this.#keep(headers, raw.body);
      return this.refuse(chosen.cause, chosen.evidence);
    }
    this.#pass("signed_text", chosen.key.id);

    const message = this.#keep(headers, raw.body);
    this.#pass("signature", `${message.length} bytes`);

    const checked = checkSignature(chosen.key, message, headers.signature);
    if (!checked.ok) return this.refuse(checked.cause, checked.evidence);
    this.#pass("decrypt", "RSA-SHA256");

    const envelope = readEnvelope(raw.body);
    const { plaintext, keyIndex } = unseal(channel.apiV3Keys, envelope.sealed);
    this.#pass("fields", keyIndex === 0 ? "current APIv3 key" : "previous APIv3 key");

    const news = this.#read(envelope, plaintext);
    this.#steps.push(this.#step(true, null, envelope.eventType));
    const { decisive, ...said } = news;
    return {
      ok: true,
      provider: "wechat",
      ...said,
      messageId: `${envelope.id}:${shortHash(decisive)}`,
      keyId: chosen.key.id,
      get signedText() {
        return message.toString();
      },
      steps: this.#steps,
    };
  }

  refuse(cause: RefusalCause, evidence: string | null): Refusal {
    this.#steps.push(this.#step(false, cause, evidence));
    return {
      ok: false,
      provider: "wechat",
      failedStep: this.#doing,
      cause,
      keyId: this.#keyId,
      signedText: this.#signed?.toString() ?? null,
      claimed: this.#claimed,
      steps: this.#steps,
    };
  }

  /** The event type names the family; the words inside the sealed part decide what happened. */
  #read({ eventType }: Envelope, plaintext: Buffer): News {
    if (eventType === "TRANSACTION.SUCCESS") {
      const resource = this.#resource(plaintext);
      return { kind: "trade", refund: null, ...readPaymentNews(resource) };
    }
    if (eventType.startsWith("REFUND.")) {
      const resource = this.#resource(plaintext);
      return { kind: "refund", trade: null, ...readRefundNews(resource) };
    }
    return { kind: "other", trade: null, refund: null, decisive: [eventType, plaintext.toString("base64")] };
  }

  #resource(plaintext: Buffer): JsonObject {
    const resource = readObject(parseBytes(plaintext), "resource");
    this.#claimed = claimsOf(resource);
    return resource;
  }

  #keep(headers: SignatureHeaders, body: Buffer): Buffer {
    this.#signed = signedMessage(headers, body);
    return this.#signed;
  }

  #pass(next: VerifyStep["name"], evidence: string): void {
    this.#steps.push(this.#step(true, null, evidence));
    this.#doing = next;
  }

  #step(ok: boolean, cause: VerifyStep["cause"], evidence: string | null): VerifyStep {
    const ended = performance.now();
    const ms = Math.round((ended - this.#since) * 1000) / 1000;
    this.#since = ended;
    return { name: this.#doing, ok, cause, evidence, ms };
  }
}

function shapeProblem(raw: RawNotification): RefusalCause | null {
  if (raw.method !== "POST") return "not_post";
  if (!CONTENT_TYPE.test(raw.header("content-type") ?? "")) return "content_type";
  if (raw.body.length === 0) return "empty_body";
  return raw.body.length > BODY_MAX_BYTES ? "too_large" : null;
}

function parseBytes(bytes: Buffer): Json {
  if (!isUtf8(bytes)) throw new FieldError("utf8");
  return parseJson(bytes.toString());
}

function readEnvelope(body: Buffer): Envelope {
  const envelope = readObject(parseBytes(body), "body");
  readText(envelope, "resource_type", /^encrypt-resource$/);
  return {
    id: readText(envelope, "id", /^[0-9A-Za-z_-]{1,64}$/),
    eventType: readText(envelope, "event_type", /^[A-Z][A-Z0-9_.]{0,63}$/),
    sealed: readSealed(readObject(envelope.get("resource"), "resource")),
  };
}

/** A notice must say everything that a later check compares (CB-05); a query's answer may leave some of it out. */
function readPaymentNews(resource: JsonObject): Pick<News, "decisive"> & { trade: TradeView } {
  const trade = readTransaction(resource);
  if (trade.appId === null) throw new FieldError("appid", "missing");
  if (trade.amount === null) throw new FieldError("amount", "missing");
  if (trade.currency === null) throw new FieldError("currency", "missing");
  const { providerState, outTradeNo, providerTradeNo, amount, currency, appId, sellerId, paidAt } = trade;
  return { trade, decisive: [providerState, outTradeNo, providerTradeNo, amount, currency, appId, sellerId, paidAt?.getTime()] };
}

/** Refund notices carry no app and no currency, and call their state `refund_status`. */
function readRefundNews(resource: JsonObject): Pick<News, "decisive"> & { refund: NonNullable<Accepted["refund"]> } {
  const amounts = readObject(resource.get("amount"), "amount");
  const amount = readFen(amounts, "refund", 1n);
  const total = readFen(amounts, "total", 1n);
  const state = readText(resource, "refund_status", /^(SUCCESS|CLOSED|PROCESSING|ABNORMAL)$/);
  const outRefundNo = readText(resource, "out_refund_no", OUT_REFUND_NO);
  const providerRefundNo = readText(resource, "refund_id", PROVIDER_NO);
  const outTradeNo = readText(resource, "out_trade_no", OUT_TRADE_NO);
  const mchid = readText(resource, "mchid", MCHID);
  return {
    refund: { outTradeNo, outRefundNo, providerRefundNo, amount, state },
    decisive: [state, outRefundNo, providerRefundNo, amount, total, outTradeNo, mchid],
  };
}

/** For people only, from a message that was refused after all. */
function claimsOf(resource: JsonObject): Refusal["claimed"] {
  const number = resource.get("out_trade_no");
  const amounts = resource.get("amount");
  const total = isObject(amounts) ? amounts.get("total") : null;
  return {
    outTradeNo: typeof number === "string" ? number.slice(0, 64) : null,
    amount: typeof total === "bigint" || typeof total === "string" ? String(total).slice(0, 32) : null,
  };
}

/** 128 bits keep two different pieces of news apart; with an id of 64 characters the whole stays under 100. */
const shortHash = (decisive: readonly unknown[]): string => createHash("sha256").update(decisive.join("\n")).digest("hex").slice(0, 32);

const FIELD_CAUSES = { missing: "missing_field", malformed: "malformed_field", unknown_value: "unknown_value" } as const;

function causeOf(error: unknown): RefusalCause {
  if (error instanceof JsonError) return error.reason === "syntax" ? "not_json" : error.reason;
  if (error instanceof DecipherError) return error.reason;
  if (error instanceof FieldError) return error.field === "utf8" ? "not_utf8" : FIELD_CAUSES[error.problem];
  return "unreadable";
}

function evidenceOf(error: unknown): string | null {
  if (error instanceof JsonError) return error.where;
  if (error instanceof DecipherError) return error.evidence;
  if (error instanceof FieldError) return error.field;
  return error instanceof Error ? error.name : null;
}
