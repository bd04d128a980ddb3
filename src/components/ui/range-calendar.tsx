"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { DayPicker, type DateRange as PickedRange } from "react-day-picker";
import { enUS, zhCN } from "react-day-picker/locale";
import { useLang, useT } from "~/i18n/use-t";
import type { CivilDate } from "~/lib/time";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";
import type { DateRange } from "./date-presets";

/** The calendar counts in the browser's own days; a civil day is carried at noon, which no zone moves to another day. */
const toPicker = (date: CivilDate): Date => new Date(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)), 12);
const two = (n: number) => String(n).padStart(2, "0");
const fromPicker = (date: Date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` as CivilDate;

const Chevron = ({ orientation }: { orientation?: "up" | "down" | "left" | "right" }) =>
  orientation === "left" ? <ChevronLeft /> : <ChevronRight />;

type RangeCalendarProps = { value: DateRange | null; today: CivilDate; onChange: (range: DateRange) => void };

export function RangeCalendar({ value, today, onChange }: RangeCalendarProps) {
  const lang = useLang();
  const t = useT("common");
  const [draft, setDraft] = useState<PickedRange | undefined>(value ? { from: toPicker(value.from), to: toPicker(value.to) } : undefined);
  const [begun, setBegun] = useState(false);
  const nav = cn(buttonStyle({ variant: "ghost", size: "sm", square: true }));
  return (
    <DayPicker
      mode="range"
      numberOfMonths={2}
      weekStartsOn={1}
      showOutsideDays
      locale={lang === "zh" ? zhCN : enUS}
      today={toPicker(today)}
      defaultMonth={toPicker(value?.from ?? today)}
      disabled={{ after: toPicker(today) }}
      selected={draft}
      onDayClick={(day, modifiers) => {
        if (modifiers.disabled) return;
        // The first click begins a range, the second ends it, whichever lies earlier.
        if (!begun || !draft?.from) {
          setDraft({ from: day, to: day });
          setBegun(true);
          return;
        }
        const [from, to] = day < draft.from ? [day, draft.from] : [draft.from, day];
        setBegun(false);
        onChange({ from: fromPicker(from), to: fromPicker(to) });
      }}
      labels={{ labelNext: () => t("date.nextMonth"), labelPrevious: () => t("date.prevMonth") }}
      components={{ Chevron }}
      classNames={{
        root: "relative text-sm",
        months: "flex gap-6 max-md:flex-col max-md:gap-2",
        month_caption: "flex h-8 items-center justify-center font-medium",
        nav: "absolute inset-x-0 top-0 flex h-8 items-center justify-between",
        button_previous: nav,
        button_next: nav,
        month_grid: "border-separate border-spacing-0",
        weekday: "h-8 w-8 text-xs font-normal text-ink-3",
        day: "h-8 w-8 p-0 text-center",
        day_button: "size-8 rounded-md hover:bg-hover disabled:text-ink-off disabled:hover:bg-transparent",
        outside: "text-ink-3",
        today: "font-strong",
        disabled: "text-ink-off",
        range_middle: "bg-selected",
        range_start: "rounded-l-md bg-selected [&>button]:bg-accent [&>button]:text-on-accent",
        range_end: "rounded-r-md bg-selected [&>button]:bg-accent [&>button]:text-on-accent",
        selected: "",
      }}
    />
  );
}
