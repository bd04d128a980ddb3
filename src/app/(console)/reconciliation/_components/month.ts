import type { Locale } from "~/i18n/preferences";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";

/** A Beijing month, "2026-11". */
export const readMonth = (text: string): string | undefined => (/^2\d{3}-(?:0[1-9]|1[0-2])$/.test(text) ? text : undefined);

export const monthOf = (day: CivilDate): string => day.slice(0, 7);

export function addMonths(month: string, count: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** Every month from the first to the last, the newest first. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = last; month >= first; month = addMonths(month, -1)) months.push(month);
  return months;
}

/** Every day of a month: 28 to 31 of them. */
export function daysOfMonth(month: string): CivilDate[] {
  const days: CivilDate[] = [];
  // A month's first day is a day of the calendar.
  for (let day = `${month}-01` as CivilDate; monthOf(day) === month; day = addDays(day, 1)) days.push(day);
  return days;
}

/** 0 is Sunday. Noon in Beijing is the same day in UTC. */
export const weekdayOf = (day: CivilDate): number => new Date(startOfBeijingDate(day).getTime() + 12 * 3_600_000).getUTCDay();

/** 2026 年 11 月, November 2026. */
export function monthName(month: string, lang: Locale): string {
  const [year = "", number = ""] = month.split("-");
  if (lang === "zh") return `${year} 年 ${Number(number)} 月`;
  return new Intl.DateTimeFormat("en-US", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
}
