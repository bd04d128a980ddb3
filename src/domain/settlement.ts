import type { Fen } from "~/lib/money";
import type { CaseKind } from "./exception";
import type { MisfitCause } from "./notification";
import { OPEN_TRANSACTION_STATUSES, type PaymentStatus, type TransactionStatus } from "./payment";

/** What a provider says of a trade, in our words (see the adapters). */
export type TradeNews = {
  state: "waiting" | "paid" | "closed" | "refunded" | "absent";
  /** Only beside `absent`: nobody signed for it, so it counts only where no buyer ever got a link or a code. */
  unverified?: true;
  amount: Fen | null;
  refunded: Fen | null;
  currency: string | null;
  appId: string | null;
  sellerId: string | null;
  providerTradeNo: string | null;
};

/** Our rows as they stand, under lock. */
export type Books = {
  transaction: {
    id: string;
    status: TransactionStatus;
    amount: Fen;
    appId: string;
    sellerId: string;
    providerTradeNo: string | null;
    launched: boolean;
  };
  payment: { status: PaymentStatus; amount: Fen; paidTransactionId: string | null };
  /** The provider's trade number already stands on another attempt. */
  tradeNoTaken: boolean;
};

/** A callback may be lost or forged by a compromised key; a query is our own question. Doubts of the first are settled by the second. */
export type Source = "notification" | "query";

export type Verdict =
  /** First success of a pending payment. */
  | { kind: "settle" }
  /** Money that is certain but has no place: booked at risk, with a case. */
  | { kind: "at_risk"; caseKind: "paid_twice" | "paid_after_close" | "wrong_amount" }
  /** Does not fit and is not believed: a case, no booking, and the provider is asked. */
  | { kind: "misfit"; caseKind: Extract<CaseKind, "wrong_amount" | "wrong_recipient" | "unknown_order">; cause: MisfitCause; ask: boolean }
  /** Large: stored, and confirmed by a query before money state moves (CB-11). */
  | { kind: "confirm_first" }
  /** Unpaid and closed at the provider. */
  | { kind: "close" }
  /** Never existed at the provider although we were not sure that it did. */
  | { kind: "fail" }
  /** Known already, or nothing new. */
  | { kind: "nothing" };

/**
 * What news of a trade means for our books: the one rule that callbacks, queries and dry runs share. Pure, so that every
 * combination can be tested. Identities are judged first: nothing else in a message for somebody else may count.
 */
export function judgeTrade(news: TradeNews, books: Books, source: Source, confirmAbove: Fen): Verdict {
  const { transaction, payment } = books;
  if (news.appId !== null && news.appId !== transaction.appId)
    return { kind: "misfit", caseKind: "wrong_recipient", cause: "app_id", ask: false };
  if (news.sellerId !== null && news.sellerId !== transaction.sellerId) {
    return { kind: "misfit", caseKind: "wrong_recipient", cause: "seller_id", ask: false };
  }
  if (news.state === "paid" || news.state === "refunded") return judgePaid(news, books, source, confirmAbove);

  const open = OPEN_TRANSACTION_STATUSES.includes(transaction.status);
  if (news.state === "closed") return open ? { kind: "close" } : { kind: "nothing" };
  const surelyAbsent = news.state === "absent" && source === "query" && (!news.unverified || !transaction.launched);
  if (surelyAbsent && transaction.status === "unknown") return { kind: "fail" };
  return payment.status === "closed" && open && surelyAbsent ? { kind: "close" } : { kind: "nothing" };
}

function judgePaid(news: TradeNews, { transaction, payment, tradeNoTaken }: Books, source: Source, confirmAbove: Fen): Verdict {
  if (transaction.status === "succeeded") {
    const same = news.providerTradeNo === null || news.providerTradeNo === transaction.providerTradeNo;
    if (same && (news.amount === null || news.amount === transaction.amount || source === "query")) return { kind: "nothing" };
    return { kind: "misfit", caseKind: same ? "wrong_amount" : "unknown_order", cause: same ? "amount" : "trade_no_changed", ask: false };
  }
  if (tradeNoTaken) return { kind: "misfit", caseKind: "unknown_order", cause: "trade_no_taken", ask: false };
  if (news.currency !== null && news.currency !== "CNY") return { kind: "misfit", caseKind: "wrong_amount", cause: "currency", ask: false };
  if (news.amount === null) return { kind: "misfit", caseKind: "wrong_amount", cause: "amount_missing", ask: source === "notification" };
  if (news.amount !== transaction.amount) {
    return source === "query"
      ? { kind: "at_risk", caseKind: "wrong_amount" }
      : { kind: "misfit", caseKind: "wrong_amount", cause: "amount", ask: true };
  }
  if (source === "notification" && news.amount > confirmAbove) return { kind: "confirm_first" };
  if (payment.status === "closed") return { kind: "at_risk", caseKind: "paid_after_close" };
  if (payment.status !== "pending") return { kind: "at_risk", caseKind: "paid_twice" };
  return { kind: "settle" };
}
