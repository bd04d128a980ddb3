import { timeText } from "~/components/ui/time-text";
import { beijingDate } from "~/lib/time";

/** "10:58:46", with the day when it is another than today. */
export const untilText = (until: Date, now: Date): string =>
  timeText(until, beijingDate(until) === beijingDate(now) ? "clock" : "list", now);
