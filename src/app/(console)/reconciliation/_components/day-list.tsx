"use client";

import Link from "next/link";
import { ProviderMark } from "~/components/provider-mark";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { paths } from "~/lib/paths";
import type { Calendar } from "./calendar-page";
import { type CalendarDay, useDayWords } from "./use-day-words";

/** The month on a phone: newest day first, each in two lines. */
export function DayList({ calendar: { channels } }: { calendar: Calendar }) {
  const words = useDayWords();
  const rows = channels
    .flatMap((channel) => channel.days.map((day) => ({ channel, day })))
    .sort((a, b) => (a.day.day === b.day.day ? 0 : a.day.day < b.day.day ? 1 : -1));
  return (
    <ol className="border-t border-line-strong md:hidden">
      {rows.map(({ channel, day }) => {
        const told = words(day);
        return (
          <li key={day.id} className="border-b border-line">
            <Link href={paths.reconciliationDay(day.id)} prefetch={false} className="grid gap-1 px-gutter py-2 -outline-offset-2">
              <span className="flex items-center gap-2">
                <span className="font-medium">{told.day}</span>
                <ProviderMark provider={channel.provider} />
                <span className="min-w-0 grow truncate">{channel.name}</span>
                <State day={day} open={told.open} />
              </span>
              <span className="flex flex-wrap gap-x-3 text-xs text-ink-3">
                {told.sums.length === 0 ? "–" : told.sums.map((sum) => <span key={sum}>{sum}</span>)}
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

function State({ day, open }: { day: CalendarDay; open: string | null }) {
  return open !== null && day.open > 0 ? <Chip tone="wait">{open}</Chip> : <StatusChip of="day" status={day.status} />;
}
