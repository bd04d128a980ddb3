"use client";

import Link from "next/link";
import { type KeyboardEvent, useState } from "react";
import { ProviderMark } from "~/components/provider-mark";
import { cn } from "~/components/ui/cn";
import { ENVIRONMENT_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { CivilDate } from "~/lib/time";
import type { Calendar } from "./calendar-page";
import { DayMark } from "./day-mark";
import { daysOfMonth, monthName, weekdayOf } from "./month";
import { type CalendarChannel, type CalendarDay, useDayWords } from "./use-day-words";

const isWeekend = (day: CivilDate) => [0, 6].includes(weekdayOf(day));

/** A month as one ruled grid: channels down, days across. One tab stop; arrows walk between the days that exist. */
export function DayGrid({ calendar }: { calendar: Calendar }) {
  const t = useT("reconciliation");
  const lang = useLang();
  const { month, today, channels } = calendar;
  const days = daysOfMonth(month);
  const known = channels.flatMap((channel) => channel.days);
  const [chosen, setChosen] = useState<string | null>(null);
  const stop = known.some(({ id }) => id === chosen) ? chosen : (known.find(({ status }) => status === "differs") ?? known[0])?.id;
  return (
    <div className="relative overflow-x-auto border-t border-line-strong max-md:hidden">
      <table aria-label={t("calendar.label", { month: monthName(month, lang) })} className="w-full border-separate border-spacing-0">
        <thead>
          <tr className="text-xs text-ink-3 [&>th]:h-11 [&>th]:border-b [&>th]:border-line-strong [&>th]:font-medium">
            <th scope="col" className="sticky left-0 z-1 bg-surface pr-3 pl-gutter text-left">
              {t("calendar.channel")}
            </th>
            {days.map((day) => (
              <th
                key={day}
                scope="col"
                className={cn(
                  "min-w-8 leading-4 last:min-w-14 last:pr-gutter",
                  isWeekend(day) && "bg-canvas",
                  day === today && "text-accent-ink",
                )}
              >
                <span className="block font-normal">{t(`weekday.${String(weekdayOf(day)) as "0"}`)}</span>
                <span className={cn("mx-auto block w-5 rounded-sm", day === today && "bg-accent font-strong text-on-accent")}>
                  {Number(day.slice(8))}
                </span>
                {day === today && <span className="sr-only">{t("calendar.today")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          {channels.map((channel, row) => (
            <tr key={channel.id} className="[&>*]:h-11 [&>*]:border-b [&>*]:border-line">
              <ChannelHead channel={channel} />
              {days.map((day) => {
                const found = channel.days.find((one) => one.day === day);
                return (
                  <td
                    key={day}
                    className={cn("p-0 text-center last:min-w-14 last:pr-gutter", isWeekend(day) && "bg-canvas", "hover:bg-hover")}
                  >
                    {found && (
                      <DayCell channel={channel} day={found} row={row} stop={found.id === stop} onFocus={() => setChosen(found.id)} />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChannelHead({ channel }: { channel: CalendarChannel }) {
  const t = useT("reconciliation");
  const lang = useLang();
  const notes = [channel.environment !== "live" && ENVIRONMENT_LABEL[lang][channel.environment], channel.deleted && t("calendar.deleted")];
  const note = notes.filter(Boolean).join(" · ");
  return (
    <th scope="row" className="sticky left-0 z-1 bg-surface pr-4 pl-gutter text-left font-medium">
      <span className="flex items-center gap-1.5">
        <ProviderMark provider={channel.provider} />
        <span className="max-w-44 min-w-0 truncate" data-tip={channel.name.length > 12 ? channel.name : undefined}>
          {channel.name}
        </span>
      </span>
      {note && <span className="block pl-5.5 text-xs font-normal text-ink-3">{note}</span>}
    </th>
  );
}

type DayCellProps = { channel: CalendarChannel; day: CalendarDay; row: number; stop: boolean; onFocus: () => void };

function DayCell({ channel, day, row, stop, onFocus }: DayCellProps) {
  const words = useDayWords()(day);
  const said = [words.status, words.open].filter(Boolean);
  return (
    <Link
      href={paths.reconciliationDay(day.id)}
      prefetch={false}
      tabIndex={stop ? 0 : -1}
      data-day={day.day}
      data-row={row}
      data-tip={[`${words.day} ${said.join(" · ")}`, ...words.sums].join("\n")}
      aria-label={[channel.name, words.day, ...said].join(" ")}
      onFocus={onFocus}
      className="grid h-full min-h-10 place-items-center -outline-offset-2"
    >
      <DayMark status={day.status} open={day.open} />
    </Link>
  );
}

/** ← and → to the nearest day of the same channel that exists, ↑ and ↓ to the same day of another, Home and End to the ends of the month. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const from = (event.target as HTMLElement).closest<HTMLElement>("[data-day]");
  if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-day]")];
  const own = all.filter(({ dataset }) => dataset.row === from.dataset.row);
  const at = own.indexOf(from);
  const column = all.filter(({ dataset }) => dataset.day === from.dataset.day);
  const up = column.indexOf(from);
  const next = {
    ArrowLeft: own[at - 1],
    ArrowRight: own[at + 1],
    ArrowUp: column[up - 1],
    ArrowDown: column[up + 1],
    Home: own[0],
    End: own.at(-1),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
