import type { TradeState, TradeView } from "../port";
import type { JsonObject } from "./exact-json";
import {
  APPID,
  CURRENCY,
  FieldError,
  isObject,
  MCHID,
  OPENID,
  OUT_TRADE_NO,
  PROVIDER_NO,
  readFen,
  readInstant,
  readObject,
  readOptionalInstant,
  readOptionalText,
  readText,
} from "./fields";

/**
 * `REFUND` says that it was paid and then refunded at least in part (CB-10). The last three occur with bar codes only:
 * a failed or running attempt leaves the order payable, a revoked one is over.
 */
const STATES: ReadonlyMap<string, TradeState> = new Map([
  ["SUCCESS", "paid"],
  ["REFUND", "refunded"],
  ["NOTPAY", "waiting"],
  ["CLOSED", "closed"],
  ["USERPAYING", "waiting"],
  ["PAYERROR", "waiting"],
  ["REVOKED", "closed"],
]);

/**
 * Reads a transaction, the same in a query's answer and in a payment notification. Throws FieldError.
 * The amount is `amount.total`: `payer_total` is what is left after coupons. Fields that we do not know are ignored.
 */
export function readTransaction(from: JsonObject): TradeView {
  const providerState = readText(from, "trade_state", /^[A-Z_]{1,32}$/);
  const state = STATES.get(providerState);
  if (!state) throw new FieldError("trade_state", "unknown_value");

  // What an unpaid order's answer carries is documented nowhere; of a paid one we insist on all that money depends on.
  const wasPaid = state === "paid" || state === "refunded";
  const amount = wasPaid || isObject(from.get("amount")) ? readObject(from.get("amount"), "amount") : null;
  if (amount?.has("payer_total")) readFen(amount, "payer_total", 0n);

  return {
    state,
    providerState,
    outTradeNo: readText(from, "out_trade_no", OUT_TRADE_NO),
    providerTradeNo: (wasPaid ? readText : readOptionalText)(from, "transaction_id", PROVIDER_NO),
    amount: amount && (wasPaid || amount.has("total")) ? readFen(amount, "total", 1n) : null,
    receipt: null,
    refunded: null,
    appId: readOptionalText(from, "appid", APPID),
    sellerId: readText(from, "mchid", MCHID),
    currency: amount && readOptionalText(amount, "currency", CURRENCY),
    buyerId: readPayer(from),
    buyerAccount: null,
    paidAt: (state === "paid" ? readInstant : readOptionalInstant)(from, "success_time"),
  };
}

function readPayer(from: JsonObject): string | null {
  const payer = from.get("payer");
  return isObject(payer) ? readOptionalText(payer, "openid", OPENID) : null;
}
