import type { CaseKind } from "~/domain/exception";
import { PAYMENT_STATUS_LABEL, type PaymentStatus, TRANSACTION_STATUS_LABEL, type TransactionStatus } from "~/domain/payment";
import type { Locale } from "~/i18n/preferences";
import { fenFromYuan, yuanDisplay } from "~/lib/money";

export type Side = {
  key: "amount" | "state" | "time" | "number" | "tradeNo" | "refundNo" | "app" | "seller";
  theirs: Value;
  ours: Value;
  differs: boolean;
};
/** Text or an instant; null where a side says nothing. */
export type Value = string | Date | null;

export type Told = {
  kind: CaseKind;
  facts: Readonly<Record<string, string | null>>;
  outTradeNo: string | null;
  transactionId: string | null;
  channelAppId: string | null;
  channelSellerId: string | null;
  paidAt: Date | null;
  paymentClosedAt: Date | null;
};

/** What the provider says beside what our books said when the case was opened; rows on which neither says anything are left out. */
export function sidesOf(one: Told, lang: Locale): Side[] {
  const { facts } = one;
  const fact = (name: string) => facts[name] ?? null;
  const ourPayment = fact("ourPaymentState") as PaymentStatus | null;
  const ourAttempt = fact("ourState") as TransactionStatus | null;
  const ourState = ourPayment ? PAYMENT_STATUS_LABEL[lang][ourPayment] : ourAttempt && TRANSACTION_STATUS_LABEL[lang][ourAttempt];
  const known = one.transactionId !== null;
  const rows: Side[] = [
    side("amount", amount(fact("theirAmount")), amount(fact("ourAmount"))),
    { key: "state", theirs: fact("theirState"), ours: ourState ?? null, differs: STATE_DIFFERS[one.kind] },
    { key: "time", theirs: instant(fact("theirPaidAt")), ours: one.paidAt ?? one.paymentClosedAt, differs: false },
    side("number", one.outTradeNo, known ? one.outTradeNo : null),
    {
      ...side("tradeNo", fact("theirTradeNo"), fact("ourTradeNo")),
      differs: fact("ourTradeNo") !== null && fact("ourTradeNo") !== fact("theirTradeNo"),
    },
    { key: "refundNo", theirs: fact("theirRefundNo"), ours: null, differs: fact("theirRefundNo") !== null },
    identity("app", fact("theirAppId"), fact("ourAppId") ?? one.channelAppId),
    identity("seller", fact("theirSellerId"), fact("ourSellerId") ?? one.channelSellerId),
  ];
  return rows.filter(({ theirs, ours }) => theirs !== null || ours !== null);
}

/** Kinds in which the two states cannot both be right. */
const STATE_DIFFERS: Record<CaseKind, boolean> = {
  paid_twice: true,
  paid_after_close: true,
  wrong_amount: false,
  wrong_recipient: false,
  unknown_order: true,
  refund_unknown: true,
};

const side = (key: Side["key"], theirs: Value, ours: Value): Side => ({ key, theirs, ours, differs: theirs !== ours });

/** A notice that does not name an identity says nothing against ours. */
const identity = (key: Side["key"], theirs: string | null, ours: string | null): Side => ({
  key,
  theirs,
  ours,
  differs: theirs !== null && theirs !== ours,
});

/** Facts are stored as text: read with care, an amount that does not read is shown as it stands. */
function amount(text: string | null): string | null {
  return text !== null && /^\d{1,13}(?:\.\d{1,2})?$/.test(text) ? yuanDisplay(fenFromYuan(text)) : text;
}

function instant(text: string | null): Date | null {
  const at = text === null ? null : new Date(text);
  return at && !Number.isNaN(at.getTime()) ? at : null;
}
