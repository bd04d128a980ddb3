"use client";

import { clsx } from "clsx";
import { useEffect, useRef } from "react";
import { useT } from "~/i18n/use-t";
import { minutes, seconds } from "~/lib/time";
import { useNow } from "./clock";
import { ageOf, countdownText, type TimeKind, timeText, timeTip } from "./time-text";

type TimeProps = {
  at: Date;
  kind?: TimeKind;
  /** Off inside of a link, which is a tab stop already. */
  focusable?: boolean;
  className?: string;
};

/** An instant in Beijing time; hovering (and focusing, outside of lists) shows both zones in full. */
export function Time({ at, kind = "list", focusable = kind === "detail" || kind === "inbox", className }: TimeProps) {
  const now = useNow(null);
  // A tab stop in each row of a list would make the keyboard useless; the row's drawer shows the same time.
  return (
    <time
      dateTime={at.toISOString()}
      data-tip={timeTip(at)}
      tabIndex={focusable ? 0 : undefined}
      className={clsx("whitespace-nowrap", className)}
    >
      {timeText(at, kind, now)}
    </time>
  );
}

/** How long ago, or how long: 2 天 4 小时. */
export function Duration({ ms }: { ms: number }) {
  const t = useT("common");
  const { unit, ...parts } = ageOf(ms);
  return <span className="whitespace-nowrap">{t(`duration.${unit}`, parts)}</span>;
}

export function Age({ since }: { since: Date }) {
  const now = useNow(minutes(1));
  return <Duration ms={now.getTime() - since.getTime()} />;
}

const WARN_BELOW_MS = minutes(2);

/** Ticks down to `until`; turns `warning` under two minutes. Readers hear it at rest, not every second. */
export function Countdown({ until, onEnd, className }: { until: Date; onEnd?: () => void; className?: string }) {
  const now = useNow(seconds(1));
  const left = until.getTime() - now.getTime();
  const over = left <= 0;
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (over) end.current?.();
  }, [over]);
  return (
    <span role="timer" className={clsx(left < WARN_BELOW_MS && "text-warning", className)}>
      {countdownText(left)}
    </span>
  );
}
