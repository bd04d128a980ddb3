import { beijingDate, beijingText, type CivilDate } from "~/lib/time";

export type TimeKind = "list" | "detail" | "inbox" | "clock" | "minute" | "day";

/**
 * How an instant is written, always in Beijing time.
 * `list` "11-20 10:41:33", with the year if it is another than `now`'s; `detail` with the year; `inbox` with milliseconds;
 * `clock` "10:41:33"; `minute` "2026-11-20 10:41"; `day` "11-20".
 */
export function timeText(at: Date, kind: TimeKind, now: Date): string {
  const full = beijingText(at);
  const sameYear = full.slice(0, 4) === beijingText(now).slice(0, 4);
  const short = sameYear ? full.slice(5) : full;
  switch (kind) {
    case "detail":
      return full;
    case "inbox":
      return `${short}.${String(at.getUTCMilliseconds()).padStart(3, "0")}`;
    case "clock":
      return full.slice(11);
    case "minute":
      return full.slice(0, 16);
    case "day":
      return sameYear ? full.slice(5, 10) : full.slice(0, 10);
    default:
      return short;
  }
}

/** Both zones in full: what hovering and focusing a time shows. */
export const timeTip = (at: Date): string => `${beijingText(at)} UTC+8\n${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** A civil day as lists write it: "11-20", with the year if it is another than today's. */
export const dayText = (date: CivilDate, now: Date): string => (date.slice(0, 4) === beijingDate(now).slice(0, 4) ? date.slice(5) : date);

export type Age =
  | { unit: "daysHours"; days: number; hours: number }
  | { unit: "days"; days: number }
  | { unit: "hoursMinutes"; hours: number; minutes: number }
  | { unit: "hours"; hours: number }
  | { unit: "minutes"; minutes: number }
  | { unit: "seconds"; seconds: number };

/** A span in its two largest units, for ages such as 2 天 4 小时. */
export function ageOf(ms: number): Age {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return hours % 24 ? { unit: "daysHours", days, hours: hours % 24 } : { unit: "days", days };
  if (hours > 0) return minutes % 60 ? { unit: "hoursMinutes", hours, minutes: minutes % 60 } : { unit: "hours", hours };
  return minutes > 0 ? { unit: "minutes", minutes } : { unit: "seconds", seconds };
}

/** "18:32", or "1:02:03" from an hour on; never below zero. */
export function countdownText(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1_000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(total / 3_600);
  const rest = `${two(Math.floor((total % 3_600) / 60))}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
