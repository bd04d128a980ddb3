"use client";

import { Check, Minus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "~/i18n/use-t";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export type CheckState = "ok" | "failed" | "skipped" | "running";

export type CheckRow = {
  key: string;
  state: CheckState;
  title: ReactNode;
  /** What was seen: sizes, numbers, a fingerprint. */
  evidence?: ReactNode;
  ms?: number | null;
  /** Opened below: cause and next step, or a comparison. */
  detail?: ReactNode;
};

const SIGNS: Record<CheckState, { icon: ReactNode; look: string }> = {
  ok: { icon: <Check />, look: "bg-success-soft text-success inset-ring-success-line" },
  failed: { icon: <X />, look: "bg-danger-soft text-danger inset-ring-danger-line" },
  skipped: { icon: <Minus />, look: "bg-surface text-ink-3 inset-ring-line-strong" },
  running: { icon: <Spinner />, look: "bg-info-soft text-info inset-ring-info-line" },
};

/** Checks in their order, each with result, evidence and time: the doctor of a channel, the steps of a message. */
export function CheckRows({ rows, numbered }: { rows: readonly CheckRow[]; numbered?: boolean }) {
  const t = useT("common");
  return (
    <ol>
      {rows.map((row, index) => (
        <li key={row.key} className="group relative flex gap-3 pb-2.5">
          <span aria-hidden className="absolute top-[22px] -bottom-px left-[9.5px] w-px bg-line-strong group-last:hidden" />
          <span
            className={cn(
              "grid size-5 flex-none place-items-center rounded-full inset-ring [&_svg]:size-3 [&_svg]:stroke-[2.5]",
              SIGNS[row.state].look,
            )}
          >
            {SIGNS[row.state].icon}
            <span className="sr-only">{t(`check.${row.state}`)}</span>
          </span>
          <div className="min-w-0 grow">
            <p className="flex items-center gap-2">
              <span className={cn("font-medium", row.state === "skipped" && "text-ink-3")}>
                {numbered && `${index + 1} `}
                {row.title}
              </span>
              <span className="grow" />
              {row.ms != null && <span className="text-xs text-ink-3">{row.ms.toFixed(1)} ms</span>}
            </p>
            {row.evidence && <div className="text-xs leading-[18px] break-words text-ink-2">{row.evidence}</div>}
            {row.detail && <div className="pt-1.5">{row.detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** 原因 and 下一步 of a failing check. */
export function CauseAndNext({ cause, next }: { cause: ReactNode; next: ReactNode }) {
  const t = useT("common");
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
      <dt className="text-ink-3">{t("cause")}</dt>
      <dd>{cause}</dd>
      <dt className="text-ink-3">{t("nextStep")}</dt>
      <dd>{next}</dd>
    </dl>
  );
}
