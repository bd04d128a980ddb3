import { ageOf } from "~/components/ui/time-text";
import type { Words } from "./zh";

/** A span in its two largest units: 2 天 4 小时. */
export function spanText({ span }: Words, ms: number): string {
  const age = ageOf(ms);
  switch (age.unit) {
    case "daysHours":
      return span.daysHours(age.days, age.hours);
    case "days":
      return span.days(age.days);
    case "hoursMinutes":
      return span.hoursMinutes(age.hours, age.minutes);
    case "hours":
      return span.hours(age.hours);
    case "minutes":
      return span.minutes(age.minutes);
    case "seconds":
      return span.seconds(age.seconds);
  }
}
