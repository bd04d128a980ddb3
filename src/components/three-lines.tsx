"use client";

import { clsx } from "clsx";
import type { ReactNode } from "react";
import type { Movement } from "~/domain/payment";
import { useT } from "~/i18n/use-t";
import { MovementMark } from "./movement";

type ThreeLinesProps = {
  what: ReactNode;
  movement: Movement;
  /** The answer beside the sign; without it the sign's own words. */
  money?: ReactNode;
  /** A sentence under the answer: where the money is. */
  moneyNote?: ReactNode;
  next: ReactNode;
  /** `compact` for panes beside other work, `roomy` for checkout. */
  size?: "compact" | "normal" | "roomy";
  className?: string;
};

const SIZES = {
  compact: "gap-y-2 text-sm",
  normal: "gap-y-2.5 text-md",
  roomy: "gap-y-3.5 text-md max-md:text-[15px] max-md:leading-6",
};

/** 三行说明: what happened, did money move, what next. Every failure, case and doubtful state says these three. */
export function ThreeLines({ what, movement, money, moneyNote, next, size = "normal", className }: ThreeLinesProps) {
  const t = useT("common");
  const label = clsx("text-ink-3 text-sm", size === "normal" && "leading-[22px]", size === "roomy" && "leading-[22px] max-md:leading-6");
  return (
    <dl className={clsx("grid grid-cols-[auto_1fr] gap-x-4", SIZES[size], className)}>
      <dt className={label}>{t("threeLines.what")}</dt>
      <dd>{what}</dd>
      <dt className={label}>{t("threeLines.money")}</dt>
      <dd className={clsx("[&>.movement]:whitespace-normal", movement !== "unknown" && "[&>.movement]:font-medium [&>.movement]:text-ink")}>
        <MovementMark movement={movement}>{money}</MovementMark>
        {moneyNote && <div>{moneyNote}</div>}
      </dd>
      <dt className={label}>{t("threeLines.next")}</dt>
      <dd>{next}</dd>
    </dl>
  );
}
