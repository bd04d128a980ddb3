"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { ButtonLink } from "~/components/ui/button-link";
import { PageHead } from "~/components/ui/page-head";
import { DetailSkeleton, EmptyState } from "~/components/ui/states";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { DayGrid } from "./day-grid";
import { DayList } from "./day-list";
import { DayLegend } from "./day-mark";
import { calendarInput, HOME_DEFAULTS, type HomeState } from "./list-state";
import { MonthChooser } from "./month-chooser";
import { OpenDifferences } from "./open-differences";

export type Calendar = RouterOutputs["reconciliation"]["calendar"];

/** 对账: a month of days per channel, and what is open of all days below. */
export function CalendarPage() {
  const t = useT("reconciliation");
  const [state, set] = useUrlState<HomeState>(HOME_DEFAULTS);
  const input = useMemo(() => calendarInput(state), [state]);
  const { data, error, refetch, isFetching, isPlaceholderData } = api.reconciliation.calendar.useQuery(input, {
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead title={t("title")} meta={data && <OpenSum open={data.open} />}>
        {data && data.firstMonth !== null && (
          <MonthChooser calendar={data} onChange={(month) => set({ month: month === data.today.slice(0, 7) ? "" : month }, "push")} />
        )}
      </PageHead>
      {error && !data && <LoadError error={error} onRetry={() => void refetch()} />}
      {!data && !error && <DetailSkeleton />}
      {data && (
        <div aria-busy={(isFetching && isPlaceholderData) || undefined} className="flex-none">
          <Sheet calendar={data} />
        </div>
      )}
      {data && data.firstMonth !== null && <OpenDifferences />}
    </>
  );
}

function OpenSum({ open }: { open: Calendar["open"] }) {
  const t = useT("reconciliation");
  if (open.count === 0) return <span>{t("open.none")}</span>;
  return (
    <span>
      {t("open.sum", { count: open.count })}{" "}
      <span className="text-ink-2">
        <Money fen={open.amountFen} yen />
      </span>
    </span>
  );
}

function Sheet({ calendar }: { calendar: Calendar }) {
  const t = useT("reconciliation");
  const days = calendar.channels.flatMap((channel) => channel.days);
  if (calendar.firstMonth === null) {
    const none = calendar.channels.length === 0;
    return (
      <div className="border-t border-line-strong">
        <EmptyState
          action={
            <ButtonLink variant="ghost" className="link" href={none ? paths.newChannel() : paths.payments()}>
              {none ? t("calendar.newChannel") : t("calendar.seePayments")}
            </ButtonLink>
          }
        >
          {none ? t("calendar.noChannel") : t("calendar.firstUse")}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <DayGrid calendar={calendar} />
      <DayList calendar={calendar} />
      {days.length === 0 ? <EmptyState>{t("calendar.emptyMonth")}</EmptyState> : <DayLegend />}
    </>
  );
}
