import { addDays, type CivilDate, isCivilDate } from "~/lib/time";

export const DATE_PRESETS = ["today", "yesterday", "last7", "last30", "month", "lastMonth"] as const;
export type DatePreset = (typeof DATE_PRESETS)[number];

/** Beijing days, both ends included. */
export type DateRange = { from: CivilDate; to: CivilDate };

/** A range written in a URL; null unless both ends are days and in order. */
export const readRange = (from: string, to: string): DateRange | null =>
  isCivilDate(from) && isCivilDate(to) && from <= to ? { from, to } : null;

const firstOfMonth = (date: CivilDate) => `${date.slice(0, 8)}01` as CivilDate;

export function presetRange(preset: DatePreset, today: CivilDate): DateRange {
  switch (preset) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "last7":
      return { from: addDays(today, -6), to: today };
    case "last30":
      return { from: addDays(today, -29), to: today };
    case "month":
      return { from: firstOfMonth(today), to: today };
    case "lastMonth": {
      const to = addDays(firstOfMonth(today), -1);
      return { from: firstOfMonth(to), to };
    }
  }
}

/** The preset that a range happens to be, for marking it in the list. */
export const presetOf = (range: DateRange, today: CivilDate): DatePreset | null =>
  DATE_PRESETS.find((preset) => {
    const { from, to } = presetRange(preset, today);
    return from === range.from && to === range.to;
  }) ?? null;
