import { AppError, ProviderError } from "~/lib/errors";
import { absentTrade } from "../absent-trade";
import type { CallOptions, CreateTrade, Launch, TradeProvider, TradeView, WechatChannel } from "../port";
import { DEADLINE_MS, retrying } from "../transport";
import { type Answer, type Call, isCode, type Refusal, request } from "./client";
import type { JsonObject } from "./exact-json";
import { OUT_TRADE_NO, readObject } from "./fields";
import { createBody, kindOf } from "./launch";
import { verifyNotification } from "./notification";
import { presentNotification } from "./present";
import { readTransaction } from "./transaction";

/** WeChat Pay's trades over APIv3, for direct merchants. */
export const wechatTrades: TradeProvider<WechatChannel> = { create, query, close, verifyNotification, presentNotification };

async function create(channel: WechatChannel, trade: CreateTrade, options: CallOptions): Promise<Launch> {
  if (trade.expiresAt <= options.now()) throw new AppError("expired", "the order has expired");
  const kind = kindOf(trade.method);
  const call: Call = { method: "POST", path: kind.path, body: createBody(channel, trade) };
  const readTicket = (body: JsonObject | null) => kind.readTicket(readObject(body ?? undefined, "body"));

  // The same number with the same values gives the same order and a fresh link, so an unknown outcome may be repeated.
  const answer = await repeatable(options, (time) => request(channel, call, readTicket, time));
  return answer.ok ? kind.launch(channel, trade, answer.value, options.now()) : refuseCreation(channel, trade, answer, options);
}

/** These blame the call, the account or the signature: the order itself was not looked at. */
const CALL_REFUSED: ReadonlySet<string> = new Set([
  "PARAMERROR",
  "SIGNERROR",
  "APPIDMCHIDNOTMATCH",
  "MCHNOTEXISTS",
  "NOAUTH",
  "ACCOUNTERROR",
  "RULELIMIT",
  "NOTENOUGH",
]);

/**
 * A refusal is `declined` when nothing can be paid under the number: the link never left WeChat Pay, so even a forged refusal
 * costs an attempt and no money. Every other code, `INVALID_REQUEST` first of all, may mean that the number is in use, and a
 * query says whether it is. An attempt whose link a buyer already holds is not over by a `declined` repeat: close it.
 */
async function refuseCreation(channel: WechatChannel, trade: CreateTrade, refusal: Refusal, options: CallOptions): Promise<never> {
  if (isCode(refusal.code, CALL_REFUSED)) throw refused("declined", "create", refusal);
  const view = await query(channel, trade.outTradeNo, options).catch((cause) => {
    throw refused("unknown", "create", refusal, cause);
  });
  const payable = view.state !== "absent" && view.state !== "closed";
  throw refused(payable ? "unknown" : "declined", "create", refusal);
}

async function query(channel: WechatChannel, outTradeNo: string, options: CallOptions): Promise<TradeView> {
  const call: Call = {
    method: "GET",
    path: "/v3/pay/transactions/out-trade-no/{out_trade_no}",
    params: { out_trade_no: checkedNumber(outTradeNo) },
    query: { mchid: channel.mchid },
  };
  const read = (body: JsonObject | null) => readTransaction(readObject(body ?? undefined, "body"));
  const answer = await repeatable(options, (time) => request(channel, call, read, time));
  if (!answer.ok) return readAbsence(outTradeNo, answer);

  const view = answer.value;
  if (view.outTradeNo !== outTradeNo || view.sellerId !== channel.mchid) {
    throw new ProviderError("unknown", "answer_mismatch", "the answer is about another order", { traceId: answer.requestId ?? undefined });
  }
  return view;
}

const ORDER_UNKNOWN: ReadonlySet<string> = new Set(["ORDERNOTEXIST"]);

/**
 * "No such order" is an error, and errors may come unsigned: then it is a hint (`unverified`). It is seen falsely for an order
 * made a moment ago, too. It must reach the caller all the same, who else could never leave "unknown" after a lost create; what
 * makes it safe is that calling create or close again with the same number ends in a signed answer. No other error says
 * anything about the order, so a query is never `declined`.
 */
function readAbsence(outTradeNo: string, refusal: Refusal): TradeView {
  if (refusal.status !== 404 || !isCode(refusal.code, ORDER_UNKNOWN)) throw refused("unknown", "query", refusal);
  const absent = absentTrade(outTradeNo);
  return refusal.signed ? absent : { ...absent, unverified: true };
}

/** Only a signed 204 closes. After anything else a query decides, since a buyer may have paid between the last one and this call. */
async function close(channel: WechatChannel, outTradeNo: string, options: CallOptions): Promise<"closed" | "paid" | "absent"> {
  const call: Call = {
    method: "POST",
    path: "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
    params: { out_trade_no: checkedNumber(outTradeNo) },
    body: { mchid: channel.mchid },
  };
  const outcome = await request(channel, call, () => null, options).catch((error: unknown) => {
    if (error instanceof ProviderError && error.kind === "unknown") return error;
    throw error;
  });
  if (!(outcome instanceof ProviderError) && outcome.ok && outcome.status === 204) return "closed";

  const { state } = await query(channel, outTradeNo, options);
  if (state === "closed" || state === "absent") return state;
  if (state !== "waiting") return "paid";
  if (outcome instanceof ProviderError) throw outcome;
  throw outcome.ok
    ? new ProviderError("unknown", "not_closed", "close was accepted, yet the order is open")
    : refused("unknown", "close", outcome);
}

/** Within one deadline, with pauses: for reads, and for calls that repeat their own number. */
function repeatable<T>(options: CallOptions, call: (time: CallOptions) => Promise<Answer<T>>): Promise<Answer<T>> {
  const { now, deadlineMs: totalMs = DEADLINE_MS } = options;
  return retrying({ totalMs, attempts: 2, on: ["unavailable", "unknown"] }, (deadlineMs) => call({ now, deadlineMs }));
}

function checkedNumber(outTradeNo: string): string {
  if (!OUT_TRADE_NO.test(outTradeNo)) throw new AppError("invalid_input", "not an order number", { field: "outTradeNo" });
  return outTradeNo;
}

function refused(kind: "declined" | "unknown", what: string, { status, code, field, requestId }: Refusal, cause?: unknown): ProviderError {
  const message = `${what} refused: HTTP ${status} ${code}${field ? ` at ${field}` : ""}`;
  return new ProviderError(kind, code, message, { httpStatus: status, traceId: requestId ?? undefined }, { cause });
}
