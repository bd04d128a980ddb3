import { AppError } from "./errors";

export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

export const after = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);

/** China has had one zone without daylight saving since 1991, so a fixed offset is exact for every date we meet. */
const BEIJING_OFFSET_MS = hours(8);

/** A civil day in Beijing, "2026-03-01". */
export type CivilDate = string & { readonly __unit: "civil-date" };

/** Whether the text is a day that the calendar has: `Date` takes 31 February for 3 March. */
export function isCivilDate(text: string): text is CivilDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}

/** "2026-03-01 08:05:00", Beijing wall clock: what Alipay and statements write. */
export function beijingText(instant: Date): string {
  return new Date(instant.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** Reads Beijing wall-clock text, with or without milliseconds. Throws `invalid_input`, also for a day that does not exist. */
export function instantFromBeijing(text: string): Date {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,3})?$/.exec(text);
  const instant = match ? new Date(`${match[1]}T${match[2]}${match[3] ?? ""}+08:00`) : null;
  if (!instant || Number.isNaN(instant.getTime()) || beijingText(instant) !== `${match?.[1]} ${match?.[2]}`) {
    throw new AppError("invalid_input", `not a Beijing time: "${text.slice(0, 40)}"`);
  }
  return instant;
}

/** "2026-01-01T08:05:00+08:00": RFC 3339 as WeChat Pay writes it. */
export const beijingRfc3339 = (instant: Date): string => `${beijingText(instant).replace(" ", "T")}+08:00`;

/** Reads RFC 3339 with an offset or Z. Throws `invalid_input`. */
export function instantFromRfc3339(text: string): Date {
  const ok = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const instant = ok ? new Date(text) : null;
  if (!instant || Number.isNaN(instant.getTime())) throw new AppError("invalid_input", `not an RFC 3339 time: "${text.slice(0, 40)}"`);
  return instant;
}

export const beijingDate = (instant: Date): CivilDate => beijingText(instant).slice(0, 10) as CivilDate;

/** The instant at which a Beijing day begins. */
export const startOfBeijingDate = (date: CivilDate): Date => new Date(`${date}T00:00:00+08:00`);

export function addDays(date: CivilDate, count: number): CivilDate {
  return beijingDate(after(startOfBeijingDate(date), days(count)));
}

/** "90s", "15m", "2h", "3d" or ISO "PT15M": what `cli clock advance` reads. Answers milliseconds. Throws `invalid_input`. */
export function durationMs(text: string): number {
  const short = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text);
  if (short)
    return Number(short[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[short[2] as "ms" | "s" | "m" | "h" | "d"];
  const iso = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(text);
  if (iso && text !== "P" && !text.endsWith("T")) {
    const [, d = 0, h = 0, m = 0, s = 0] = iso;
    return days(Number(d)) + hours(Number(h)) + minutes(Number(m)) + seconds(Number(s));
  }
  throw new AppError("invalid_input", `not a duration: "${text.slice(0, 40)}" (try 90s, 15m, 2h, 3d)`);
}
