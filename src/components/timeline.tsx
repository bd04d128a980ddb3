"use client";

import type { ReactNode } from "react";
import type { Movement } from "~/domain/payment";
import { beijingDate } from "~/lib/time";
import { MovementSign } from "./movement";
import { useNow } from "./ui/clock";
import { Time } from "./ui/time";

export type TimelineItem = {
  key: string;
  at: Date;
  /** Where the money was after this. */
  movement: Movement;
  title: ReactNode;
  /** Explanation, who did it, a link to the raw message. */
  note?: ReactNode;
};

/** What happened, newest first. The day is named wherever it changes. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  const today = beijingDate(useNow(null));
  return (
    <ol>
      {items.map((item, index) => {
        const day = beijingDate(item.at);
        const above = items[index - 1];
        const named = day !== (above ? beijingDate(above.at) : today);
        return (
          <li key={item.key} className="group relative grid grid-cols-[60px_10px_1fr] gap-3 pb-3.5">
            <span className="text-xs leading-5 text-ink-3">
              {named && <Time at={item.at} kind="day" className="block leading-4" />}
              <Time at={item.at} kind="clock" className="block" />
            </span>
            <span className="flex h-5 items-center">
              <MovementSign movement={item.movement} />
            </span>
            <span aria-hidden className="absolute top-[18px] bottom-0 left-[76.5px] w-px bg-line-strong group-last:hidden" />
            <div>
              <p className="font-medium">{item.title}</p>
              {item.note && <div className="text-xs leading-[18px] text-ink-3">{item.note}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
