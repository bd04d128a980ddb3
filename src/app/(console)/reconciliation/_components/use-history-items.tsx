"use client";

import type { TimelineItem } from "~/components/timeline";
import { CLEAR_REASONS } from "~/domain/reconciliation";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { useEventWords } from "../../audit/_components/event-words";
import type { DayDetail } from "./day-page";

type HistoryEvent = DayDetail["history"][number];

/** What happened to a day or a difference, with who did it and why. Nothing of it moves money. */
export function useHistoryItems(history: readonly HistoryEvent[]): TimelineItem[] {
  const words = useEventWords();
  const note = useNote();
  return history.map((item) => ({ key: item.id, at: item.at, movement: "none", title: words(item.type), note: note(item) }));
}

function useNote() {
  const t = useT("reconciliation");
  const reasonWords = useReasonWords();
  const members = api.member.list.useQuery({ limit: 100 });
  const nameOf = (id: string) => members.data?.items.find(({ userId }) => userId === id)?.name ?? t("actor.someone");
  return ({ type, actorName, actorKind, details }: HistoryEvent): string => {
    const told = (details ?? {}) as Record<string, unknown>;
    const parts = [actorName ?? t(`actor.${actorKind}`)];
    if (type === "difference.assign" && typeof told.after === "string") parts.push(t("history.assignTo", { name: nameOf(told.after) }));
    if (typeof told.reason === "string") parts.push(t("history.reason", { reason: reasonWords(told.reason) }));
    const code = told.failureCode ?? told.code;
    if (type === "reconciliation.fail" && typeof code === "string") parts.push(t("trouble.code", { code }));
    return parts.join(" · ");
  };
}

/** A person's reason as they wrote it, the house's in words. */
export function useReasonWords() {
  const t = useT("reconciliation");
  return (reason: string): string => {
    const own = CLEAR_REASONS.find((one) => one === reason);
    return own ? t(`clearReason.${own}`) : reason;
  };
}
