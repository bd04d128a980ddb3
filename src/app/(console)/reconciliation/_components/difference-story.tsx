"use client";

import { ThreeLines } from "~/components/three-lines";
import type { Movement } from "~/domain/payment";
import { PROVIDER_LABEL } from "~/domain/provider";
import type { DifferenceKind } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { fen, yuanDisplay } from "~/lib/money";
import type { DifferenceRow } from "./difference-columns";
import { feeText } from "./fee-text";
import { absFen, amountOf, gapOf } from "./gap";
import { stateText } from "./sides";

/** Where the money is as far as both sides tell. Only where they cannot both be right is that not certain. */
const MOVEMENT: Record<DifferenceKind, Movement> = {
  missing_here: "in",
  missing_there: "unknown",
  amount: "in",
  status: "unknown",
  fee: "in",
  duplicate: "unknown",
  late: "in",
};

/** 三行说明: what does not agree, where the money is, what the desk should do. */
export function DifferenceStory({ one }: { one: DifferenceRow }) {
  const t = useT("reconciliation");
  const lang = useLang();
  const told = {
    provider: PROVIDER_LABEL[lang][one.provider],
    amount: yuanDisplay(amountOf(one)),
    theirs: yuanDisplay(absFen(one.theirFen ?? fen(0n))),
    ours: yuanDisplay(absFen(one.ourFen ?? fen(0n))),
    gap: yuanDisplay(absFen(gapOf(one))),
    theirFee: feeText(one.theirFee) ?? "–",
    ourFee: feeText(one.ourFee) ?? "–",
    theirState: one.facts.theirState ?? "–",
    ourState: stateText(one.facts.ourState, lang) ?? "–",
  };
  const refund = one.kind === "missing_here" && one.refundNo !== null;
  const words = refund ? "missing_here_refund" : one.kind;
  const where: { movement: Movement; money: string } = {
    open: { movement: refund ? ("back" as const) : MOVEMENT[one.kind], money: t(`story.${words}.money`, told) },
    cleared: { movement: "none" as const, money: t("story.cleared") },
    resolved: { movement: "none" as const, money: t("story.resolved") },
  }[one.status];
  return (
    <ThreeLines
      what={t(`story.${words}.what`, told)}
      movement={where.movement}
      money={where.money}
      next={one.status === "open" ? t(`story.${words}.next`, told) : t("story.nothing")}
    />
  );
}
