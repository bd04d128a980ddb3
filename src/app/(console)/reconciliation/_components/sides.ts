import { TRANSACTION_STATUS_LABEL, type TransactionStatus } from "~/domain/payment";
import type { DifferenceKind } from "~/domain/reconciliation";
import type { Locale } from "~/i18n/preferences";
import { yuanDisplay } from "~/lib/money";
import { feeText } from "./fee-text";
import type { Amounts } from "./gap";

export type SideKey = "amount" | "fee" | "state" | "time" | "outTradeNo" | "tradeNo" | "refundNo";
/** Text or an instant; null where a side says nothing. */
export type Side = { key: SideKey; theirs: string | Date | null; ours: string | Date | null; differs: boolean };

export type Told = Amounts & {
  outTradeNo: string;
  tradeNo: string | null;
  refundNo: string | null;
  facts: { ourState: string | null; theirState: string | null; ourAt: string | null; theirAt: string | null };
};

/** What the statement says beside what our books say; rows on which neither says anything are left out. */
export function sidesOf(one: Told, lang: Locale): Side[] {
  const { kind, facts } = one;
  const theyKnow = one.theirFen !== null;
  const weKnow = one.ourFen !== null;
  const rows: Side[] = [
    {
      key: "amount",
      theirs: one.theirFen === null ? null : yuanDisplay(one.theirFen),
      ours: one.ourFen === null ? null : yuanDisplay(one.ourFen),
      differs: one.theirFen !== one.ourFen,
    },
    { key: "fee", theirs: feeText(one.theirFee), ours: feeText(one.ourFee), differs: kind === "fee" && one.theirFee !== one.ourFee },
    { key: "state", theirs: facts.theirState, ours: stateText(facts.ourState, lang), differs: STATE_DIFFERS.includes(kind) },
    { key: "time", theirs: instant(facts.theirAt), ours: instant(facts.ourAt), differs: kind === "late" },
    { key: "outTradeNo", theirs: theyKnow ? one.outTradeNo : null, ours: weKnow ? one.outTradeNo : null, differs: theyKnow !== weKnow },
    { key: "tradeNo", theirs: theyKnow ? one.tradeNo : null, ours: weKnow ? one.tradeNo : null, differs: false },
    { key: "refundNo", theirs: theyKnow ? one.refundNo : null, ours: weKnow ? one.refundNo : null, differs: false },
  ];
  return rows.filter(({ theirs, ours }) => theirs !== null || ours !== null);
}

const STATE_DIFFERS: readonly DifferenceKind[] = ["missing_here", "missing_there", "status"];

/** Our own states in words; the statement's stay the provider's. */
export function stateText(state: string | null, lang: Locale): string | null {
  if (state === null || !Object.hasOwn(TRANSACTION_STATUS_LABEL[lang], state)) return state;
  // The line above has just looked.
  return TRANSACTION_STATUS_LABEL[lang][state as TransactionStatus];
}

/** Facts are stored as text: what does not read as an instant says nothing. */
export function instant(text: string | null): Date | null {
  const at = text === null ? null : new Date(text);
  return at && !Number.isNaN(at.getTime()) ? at : null;
}
