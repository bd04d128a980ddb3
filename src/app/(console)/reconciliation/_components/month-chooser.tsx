"use client";

import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { Button, IconButton } from "~/components/ui/button";
import { Menu, MenuChoices } from "~/components/ui/menu";
import { useLang, useT } from "~/i18n/use-t";
import type { Calendar } from "./calendar-page";
import { addMonths, monthName, monthOf, monthsBetween } from "./month";

type MonthChooserProps = { calendar: Pick<Calendar, "month" | "today" | "firstMonth" | "lastMonth">; onChange: (month: string) => void };

/** Previous, the month itself as a list, next. Months without days lie beyond both ends; this month is always one of them. */
export function MonthChooser({ calendar: { month, today, firstMonth, lastMonth }, onChange }: MonthChooserProps) {
  const t = useT("reconciliation");
  const lang = useLang();
  const current = monthOf(today);
  const first = firstMonth !== null && firstMonth < current ? firstMonth : current;
  const last = lastMonth !== null && lastMonth > current ? lastMonth : current;
  return (
    <div className="flex items-center gap-1">
      {month !== current && (
        <Button variant="ghost" onClick={() => onChange(current)}>
          {t("month.current")}
        </Button>
      )}
      <IconButton
        label={t("month.prev")}
        icon={<ChevronLeft />}
        reason={month <= first && t("month.noPrev")}
        onClick={() => onChange(addMonths(month, -1))}
      />
      <Menu
        trigger={
          <Button>
            <span aria-live="polite">{monthName(month, lang)}</span>
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuChoices
          label={t("month.choose")}
          value={month}
          choices={monthsBetween(first, last).map((value) => ({ value, label: monthName(value, lang) }))}
          onChange={onChange}
        />
      </Menu>
      <IconButton
        label={t("month.next")}
        icon={<ChevronRight />}
        reason={month >= last && t("month.noNext")}
        onClick={() => onChange(addMonths(month, 1))}
      />
    </div>
  );
}
