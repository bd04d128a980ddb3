"use client";

import { useNow } from "~/components/ui/clock";
import { dayText } from "~/components/ui/time-text";
import { DAY_STATUS_LABEL } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import type { Calendar } from "./calendar-page";

export type CalendarChannel = Calendar["channels"][number];
export type CalendarDay = CalendarChannel["days"][number];

/** What a day of the calendar says in words: its state and what is open, and both sides' sums. */
export function useDayWords() {
  const t = useT("reconciliation");
  const lang = useLang();
  const now = useNow(null);
  return (day: CalendarDay) => {
    const open =
      day.open > 0 ? t("calendar.open", { count: day.open }) : day.status === "differs" && day.unlisted > 0 ? t("calendar.unlisted") : null;
    const sums = [
      day.theirPaidFen !== null && t("calendar.theirs", { amount: yuanDisplay(day.theirPaidFen) }),
      day.ourPaidFen !== null && t("calendar.ours", { amount: yuanDisplay(day.ourPaidFen) }),
    ].filter((one) => one !== false);
    return { day: dayText(day.day, now), status: DAY_STATUS_LABEL[lang][day.status], open, sums };
  };
}
