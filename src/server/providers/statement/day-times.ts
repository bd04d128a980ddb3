import { type CivilDate, instantFromBeijing, startOfBeijingDate } from "~/lib/time";

const CLOCK = /^ (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** Reads the times of one Beijing day: the instant, `other_day` for a time that lies on another, null for what is no time. */
export function timesOf(day: CivilDate): (text: string) => Date | "other_day" | null {
  const start = startOfBeijingDate(day).getTime();
  return (text) => {
    if (!text.startsWith(day)) return isTime(text) ? "other_day" : null;
    const clock = text.slice(day.length);
    // No parsing by `Date`: a statement has millions of these.
    return CLOCK.test(clock) ? new Date(start + secondsOf(clock) * 1000) : null;
  };
}

const secondsOf = (clock: string): number => Number(clock.slice(1, 3)) * 3600 + Number(clock.slice(4, 6)) * 60 + Number(clock.slice(7, 9));

function isTime(text: string): boolean {
  if (text.length !== 19 || text[10] !== " ") return false;
  try {
    instantFromBeijing(text);
    return true;
  } catch {
    return false;
  }
}
