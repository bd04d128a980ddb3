"use client";

import { ThreeLines } from "~/components/three-lines";
import type { Movement } from "~/domain/payment";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import type { CaseDetail } from "./case-pane";

/** Booked as money at risk, or only claimed by the provider. A callback with another amount is not believed, a query's answer is. */
export const isBooked = ({ kind, facts }: CaseDetail["case"]): boolean =>
  kind === "paid_twice" || kind === "paid_after_close" || (kind === "wrong_amount" && facts.source === "query");

function useTold({ case: one }: CaseDetail) {
  const lang = useLang();
  return {
    provider: one.provider ? PROVIDER_LABEL[lang][one.provider] : "–",
    amount: yuanDisplay(one.amountFen),
    expected: yuanDisplay(one.expectedFen ?? one.amountFen),
  };
}

/** 三行说明: what does not fit, where the money is, what the desk should do. */
export function CaseStory({ detail }: { detail: CaseDetail }) {
  const t = useT("exception");
  const told = useTold(detail);
  const { case: one } = detail;
  const { cause } = one.facts;
  const what = {
    paid_twice: "paid_twice",
    paid_after_close: "paid_after_close",
    wrong_amount: cause === "amount_missing" || cause === "currency" ? "wrong_amount_unsaid" : "wrong_amount",
    wrong_recipient: "wrong_recipient",
    unknown_order: cause === "trade_no_changed" || cause === "trade_no_taken" ? "trade_no" : "unknown_order",
    refund_unknown: "refund_unknown",
  } as const;
  const money = useWhere(detail);
  return (
    <ThreeLines
      className="border-y border-line py-4"
      what={t(`story.${what[one.kind]}`, told)}
      movement={money.movement}
      money={money.words}
      moneyNote={money.note}
      next={one.status === "open" ? t(`proposal.${one.kind}`, told) : t("story.nothingToDo")}
    />
  );
}

function useWhere(detail: CaseDetail): { movement: Movement; words: string; note?: string } {
  const t = useT("exception");
  const told = useTold(detail);
  const { case: one } = detail;
  const booked = isBooked(one);
  switch (one.status) {
    case "refunded":
      return { movement: "back", words: t("story.refunded") };
    case "attached":
      return { movement: "in", words: t("story.attached") };
    case "dismissed":
      return booked ? { movement: "in", words: t("story.dismissedIn") } : { movement: "none", words: t("story.dismissedNone") };
    case "open":
      if (booked) return { movement: "unknown", words: t("story.booked"), note: t("story.bookedNote", told) };
      if (one.kind === "refund_unknown") return { movement: "unknown", words: t("story.refundUnsure") };
      return {
        movement: "unknown",
        words: t("story.unsure"),
        note: t(one.kind === "wrong_amount" ? "story.unsureAsking" : "story.unsureNote", told),
      };
  }
}
