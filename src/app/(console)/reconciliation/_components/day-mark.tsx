"use client";

import { Check, Lock } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { DAY_STATUS_LABEL, type DayStatus, dayMachine } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";

type DayMarkProps = { status: DayStatus /** Open differences. */; open: number };

const TONES: Record<DayStatus, string> = {
  waiting: "text-ink-3",
  failed: "bg-danger-soft font-strong text-danger",
  differs: "bg-warning-soft font-strong text-warning",
  balanced: "text-success",
  locked: "text-ink-3",
};

/** A state by its shape: ✓, how many differ, !, ·, a lock. What asks for nobody stays without a ground. */
export function DayMark({ status, open }: DayMarkProps) {
  return (
    <span
      aria-hidden
      className={cn("inline-grid h-6 min-w-6 place-items-center rounded-sm px-0.5 text-xs leading-none [&_svg]:size-3.5", TONES[status])}
    >
      {status === "balanced" && <Check />}
      {status === "locked" && <Lock />}
      {status === "failed" && "!"}
      {status === "waiting" && "·"}
      {status === "differs" && (open === 0 ? "≠" : open > 99 ? "99+" : open)}
    </span>
  );
}

/** The shapes and their words. */
export function DayLegend() {
  const t = useT("reconciliation");
  const lang = useLang();
  return (
    <ul
      aria-label={t("calendar.legend")}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 px-gutter py-2.5 text-xs text-ink-3 max-md:hidden"
    >
      {[...dayMachine.states].reverse().map((status) => (
        <li key={status} className="flex items-center gap-1.5">
          <DayMark status={status} open={1} />
          {DAY_STATUS_LABEL[lang][status]}
        </li>
      ))}
    </ul>
  );
}
