"use client";

import { Timeline } from "~/components/timeline";
import { useT } from "~/i18n/use-t";
import type { DayDetail } from "./day-page";
import { useHistoryItems } from "./use-history-items";

/** 经过 of a day: begun, compared, compared again, locked. */
export function DayHistory({ detail: { history } }: { detail: DayDetail }) {
  const t = useT("reconciliation");
  const items = useHistoryItems(history);
  return (
    <div className="px-gutter pb-6">
      {items.length === 0 ? <p className="text-ink-3">{t("day.historyNone")}</p> : <Timeline items={items} />}
    </div>
  );
}
