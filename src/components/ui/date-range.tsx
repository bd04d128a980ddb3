"use client";

import { Calendar } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useT } from "~/i18n/use-t";
import { beijingDate } from "~/lib/time";
import { useNow } from "./clock";
import { cn } from "./cn";
import { DATE_PRESETS, type DateRange, presetOf, presetRange } from "./date-presets";
import { FilterPopover } from "./filter-bar";
import { Skeleton } from "./states";
import { dayText } from "./time-text";

// The calendar is only loaded once somebody opens it.
const RangeCalendar = dynamic(() => import("./range-calendar").then((module) => module.RangeCalendar), {
  ssr: false,
  loading: () => <Skeleton className="h-64 w-[496px] max-md:w-60" />,
});

type DateRangeFilterProps = { value: DateRange | null; onChange: (range: DateRange | null) => void; label?: string };

/** Presets at left, two months at right; Beijing days, both ends included, shown as `11-14 至 11-20`. */
export function DateRangeFilter({ value, onChange, label }: DateRangeFilterProps) {
  const t = useT("common");
  const now = useNow(null);
  const today = beijingDate(now);
  const [open, setOpen] = useState(false);
  const chosen = value && presetOf(value, today);
  const choose = (range: DateRange) => {
    onChange(range);
    setOpen(false);
  };
  const name = label ?? t("date.label");
  const shown =
    value &&
    (value.from === value.to ? dayText(value.from, now) : t("date.range", { from: dayText(value.from, now), to: dayText(value.to, now) }));
  return (
    <FilterPopover
      label={name}
      value={shown}
      icon={<Calendar />}
      open={open}
      onOpenChange={setOpen}
      onClear={() => onChange(null)}
      className="flex gap-3 max-md:flex-col"
    >
      <div className="grid content-start gap-0.5 border-r border-line pr-3 max-md:grid-cols-3 max-md:border-0 max-md:pr-0">
        {DATE_PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={chosen === preset}
            onClick={() => choose(presetRange(preset, today))}
            className={cn(
              "h-8 rounded-sm px-2.5 text-left text-sm whitespace-nowrap hover:bg-hover aria-pressed:bg-selected aria-pressed:font-medium max-md:h-11",
            )}
          >
            {t(`date.${preset}`)}
          </button>
        ))}
        <span
          className={cn(
            "flex h-8 items-center rounded-sm px-2.5 text-sm whitespace-nowrap text-ink-3",
            value && !chosen && "bg-selected font-medium text-ink",
          )}
        >
          {t("date.custom")}
        </span>
      </div>
      <div>
        <RangeCalendar value={value} today={today} onChange={choose} />
        <p className="pt-2 text-xs text-ink-3">{t("date.beijing")}</p>
      </div>
    </FilterPopover>
  );
}
