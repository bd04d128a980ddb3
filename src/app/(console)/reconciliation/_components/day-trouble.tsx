"use client";

import type { ReactNode } from "react";
import { ThreeLines } from "~/components/three-lines";
import { useNow } from "~/components/ui/clock";
import { timeText } from "~/components/ui/time-text";
import { PROVIDER_LABEL } from "~/domain/provider";
import { readyAt } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { minutes } from "~/lib/time";
import type { DayDetail } from "./day-page";
import { failureOf, givesUpAt } from "./failure";

/** 三行说明 of a day that could not be compared, or not yet. Nothing once it has been. */
export function DayTrouble({ detail }: { detail: DayDetail }) {
  const t = useT("reconciliation");
  const failed = useFailed(detail);
  const waiting = useWaiting(detail);
  const { status } = detail.day;
  const told = status === "failed" ? failed : status === "waiting" ? waiting : null;
  if (!told) return null;
  return (
    <div className="flex-none border-t border-line px-gutter py-4">
      <ThreeLines
        className="max-w-prose"
        what={told.what}
        movement="none"
        money={t("trouble.money")}
        moneyNote={status === "failed" ? t("trouble.moneyNote") : undefined}
        next={told.next}
      />
    </div>
  );
}

type Told = { what: ReactNode; next: ReactNode };

function useFailed({ day, channel }: DayDetail): Told {
  const t = useT("reconciliation");
  const lang = useLang();
  const now = useNow(minutes(1));
  const provider = PROVIDER_LABEL[lang][channel.provider];
  const known = failureOf(day.failureCode);
  const code = <span className="code">{day.failureCode ?? "–"}</span>;
  const next = known ? t(`trouble.next.${known.next}`, { provider }) : t("trouble.unknownNext");
  const until = givesUpAt(day);
  return {
    what: known ? (
      <>
        {t(`trouble.what.${known.what}`, { provider })} <span className="text-ink-3">{code}</span>
      </>
    ) : (
      t.rich("trouble.unknown", { code: () => code })
    ),
    next: now < until ? t("trouble.again", { until: timeText(until, "list", now).slice(0, -3), next }) : t("trouble.gaveUp", { next }),
  };
}

function useWaiting({ day, channel }: DayDetail): Told {
  const t = useT("reconciliation");
  const lang = useLang();
  const now = useNow(minutes(1));
  const provider = PROVIDER_LABEL[lang][channel.provider];
  const due = readyAt(day.day);
  if (now < due)
    return { what: t("waiting.due", { provider }), next: t("waiting.nextDue", { time: timeText(due, "list", now).slice(0, -3) }) };
  if (day.askedAt && day.asks > 0)
    return { what: t("waiting.asked", { time: timeText(day.askedAt, "list", now), provider }), next: t("waiting.nextAgain") };
  return { what: t("waiting.starting", { provider }), next: t("waiting.nextSoon") };
}
