import { z } from "zod";
import { AppError, invariant, ProviderError } from "~/lib/errors";
import { type Fen, fenFromYuan, TRADE_MAX_FEN, yuanText } from "~/lib/money";
import { after, beijingText, hours, instantFromBeijing } from "~/lib/time";
import { absentTrade } from "../absent-trade";
import type { AlipayChannel, CallOptions, CreateTrade, Launch, TradeProvider, TradeView } from "../port";
import { cleanText } from "../text";
import { DEADLINE_MS, retrying } from "../transport";
import { type BizContent, exec, type GatewayAnswer, pageUrl } from "./client";
import { verifyNotification } from "./notification";
import { presentNotification } from "./present";
import { BODY_MAX, SUBJECT_MAX } from "./text";

export const alipayTrades: TradeProvider<AlipayChannel> = { create, query, close, verifyNotification, presentNotification };

/** A precreated code is dead after two hours, whatever the trade's own expiry. */
const QR_LIVES_MS = hours(2);

/** The number is taken: perhaps by a payment that was made. Only the query knows. */
const NUMBER_TAKEN: ReadonlySet<string> = new Set(["ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_FINISHED", "ACQ.CONTEXT_INCONSISTENT"]);

/** The trade is in no state to be closed: perhaps because it was paid first. */
const NOT_CLOSABLE: ReadonlySet<string> = new Set([
  "ACQ.TRADE_STATUS_ERROR",
  "ACQ.REASON_TRADE_STATUS_INVALID",
  "ACQ.REASON_ILLEGAL_STATUS",
]);

async function create(channel: AlipayChannel, trade: CreateTrade, options: CallOptions): Promise<Launch> {
  const biz = contentOf(trade, options.now());
  const call = { ...options, notifyUrl: channel.notifyUrl };
  switch (trade.method) {
    case "alipay_pc": {
      const content = { ...biz, product_code: "FAST_INSTANT_TRADE_PAY" };
      const url = await pageUrl(channel, "alipay.trade.page.pay", content, { ...call, returnUrl: trade.returnUrl });
      return { kind: "redirect", url, expiresAt: trade.expiresAt };
    }
    case "alipay_wap": {
      const content = { ...biz, product_code: "QUICK_WAP_WAY", quit_url: trade.returnUrl };
      const url = await pageUrl(channel, "alipay.trade.wap.pay", content, { ...call, returnUrl: trade.returnUrl });
      return { kind: "redirect", url, expiresAt: trade.expiresAt };
    }
    case "alipay_qr":
      return precreate(channel, trade, { ...biz, product_code: "FACE_TO_FACE_PAYMENT" }, options);
    default:
      throw new AppError("invalid_input", `not a method of Alipay: ${trade.method}`);
  }
}

function contentOf(trade: CreateTrade, now: Date): BizContent {
  invariant(/^\w{1,64}$/.test(trade.outTradeNo), "an Alipay order number has up to 64 letters, digits and underscores");
  invariant(trade.amount > 0n && trade.amount <= TRADE_MAX_FEN, "a trade carries 0.01 to 100000000 yuan");
  if (trade.expiresAt <= now) throw new AppError("expired", "the order has expired");
  const body = trade.body === null ? "" : cleanText(trade.body, BODY_MAX);
  return {
    out_trade_no: trade.outTradeNo,
    total_amount: yuanText(trade.amount),
    // A subject of nothing but forbidden characters must not become a refused payment.
    subject: cleanText(trade.subject, SUBJECT_MAX) || trade.outTradeNo,
    ...(body && { body }),
    time_expire: beijingText(trade.expiresAt),
  };
}

async function precreate(channel: AlipayChannel, trade: CreateTrade, content: BizContent, options: CallOptions): Promise<Launch> {
  const method = "alipay.trade.precreate";
  const askedAt = options.now();
  const answer = await retrying({ totalMs: options.deadlineMs ?? DEADLINE_MS, attempts: 2, on: ["unavailable"] }, (deadlineMs) =>
    exec(channel, method, content, { now: options.now, deadlineMs, notifyUrl: channel.notifyUrl }),
  ).catch((error: unknown) => {
    throw error instanceof ProviderError && NUMBER_TAKEN.has(error.code) ? asUnknown(error) : error;
  });
  const { qr_code } = read(PrecreateAnswer, answer, trade.outTradeNo);
  const codeExpiresAt = after(askedAt, QR_LIVES_MS);
  return { kind: "qr", text: qr_code, expiresAt: new Date(Math.min(trade.expiresAt.getTime(), codeExpiresAt.getTime())) };
}

async function query(channel: AlipayChannel, outTradeNo: string, options: CallOptions): Promise<TradeView> {
  const ask = (deadlineMs: number) => exec(channel, "alipay.trade.query", { out_trade_no: outTradeNo }, { now: options.now, deadlineMs });
  try {
    const totalMs = options.deadlineMs ?? DEADLINE_MS;
    const answer = await retrying({ totalMs, attempts: 2, on: ["unavailable", "unknown"] }, ask);
    return viewOf(read(QueryAnswer, answer, outTradeNo), outTradeNo);
  } catch (error) {
    if (isDeclined(error, "ACQ.TRADE_NOT_EXIST")) return absentTrade(outTradeNo);
    throw error;
  }
}

async function close(channel: AlipayChannel, outTradeNo: string, options: CallOptions): Promise<"closed" | "paid" | "absent"> {
  try {
    const answer = await retrying({ totalMs: options.deadlineMs ?? DEADLINE_MS, attempts: 2, on: ["unavailable"] }, (deadlineMs) =>
      exec(channel, "alipay.trade.close", { out_trade_no: outTradeNo }, { now: options.now, deadlineMs }),
    );
    if (read(CloseAnswer, answer, outTradeNo).out_trade_no !== undefined) return "closed";
  } catch (error) {
    if (isDeclined(error, "ACQ.TRADE_NOT_EXIST")) return "absent";
    if (!isDeclined(error, ...NOT_CLOSABLE)) throw error;
  }
  // Refused, or agreed to without saying for which trade: where it stands now decides.
  const { state } = await query(channel, outTradeNo, options);
  if (state === "waiting") throw new ProviderError("unknown", "still_open", "the trade was not closed and is still open");
  return state === "refunded" ? "paid" : state;
}

const AMOUNT = z.string().regex(/^\d{1,9}\.\d{2}$/);
const PROVIDER_NO = z.string().regex(/^[0-9A-Za-z]{1,64}$/);
const WALL_CLOCK = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);

const PrecreateAnswer = z.object({ out_trade_no: z.string(), qr_code: z.string().regex(/^[\x21-\x7e]{1,1024}$/) });
const CloseAnswer = z.object({ out_trade_no: z.string().optional() });
const QueryAnswer = z.object({
  out_trade_no: z.string(),
  trade_no: PROVIDER_NO,
  trade_status: z.enum(["WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"]),
  total_amount: AMOUNT,
  receipt_amount: AMOUNT.optional(),
  send_pay_date: WALL_CLOCK.optional(),
  buyer_user_id: z.string().max(64).optional(),
  buyer_open_id: z.string().max(128).optional(),
  buyer_logon_id: z.string().max(128).optional(),
});

/** Reads a verified answer. One of another shape or about another trade says nothing about ours. */
function read<T extends { out_trade_no?: string | undefined }>(schema: z.ZodType<T>, answer: GatewayAnswer, outTradeNo: string): T {
  const result = schema.safeParse(answer.node);
  const extra = { httpStatus: 200, ...(answer.traceId && { traceId: answer.traceId }) };
  if (!result.success) {
    const fields = result.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw new ProviderError("unknown", "bad_answer", `unexpected fields in the answer: ${fields}`, extra);
  }
  if (result.data.out_trade_no !== undefined && result.data.out_trade_no !== outTradeNo) {
    throw new ProviderError("unknown", "answer_mismatch", "the answer is about another trade", extra);
  }
  return result.data;
}

function viewOf(answer: z.infer<typeof QueryAnswer>, outTradeNo: string): TradeView {
  const receipt = answer.receipt_amount === undefined ? null : fenFromYuan(answer.receipt_amount);
  return {
    state: stateOf(answer, receipt),
    providerState: answer.trade_status,
    outTradeNo,
    providerTradeNo: answer.trade_no,
    amount: fenFromYuan(answer.total_amount),
    receipt,
    // The query says nothing of these; they are bound by the key that signed and by the app that asked.
    refunded: null,
    appId: null,
    sellerId: null,
    currency: null,
    buyerId: answer.buyer_user_id ?? answer.buyer_open_id ?? null,
    buyerAccount: answer.buyer_logon_id ?? null,
    paidAt: answer.send_pay_date === undefined ? null : instantFromBeijing(answer.send_pay_date),
  };
}

/** `TRADE_CLOSED` is an unpaid close or a full refund: only a trade that was paid knows when it was (security CB-10). */
function stateOf(answer: z.infer<typeof QueryAnswer>, receipt: Fen | null): TradeView["state"] {
  if (answer.trade_status === "WAIT_BUYER_PAY") return "waiting";
  if (answer.trade_status !== "TRADE_CLOSED") return "paid";
  return answer.send_pay_date !== undefined || (receipt ?? 0n) > 0n ? "refunded" : "closed";
}

const isDeclined = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ProviderError && error.kind === "declined" && codes.includes(error.code);

const asUnknown = (error: ProviderError) => new ProviderError("unknown", error.code, error.message, error.extra, { cause: error });
