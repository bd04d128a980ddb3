"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { LoadError } from "~/components/load-error";
import { PageHead, Section } from "~/components/ui/page-head";
import { Skeleton } from "~/components/ui/states";
import { Segment } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { WORKBENCH_RANGES } from "~/domain/dashboard";
import { useT } from "~/i18n/use-t";
import { beijingDate, beijingText, startOfBeijingDate } from "~/lib/time";
import { api, type RouterOutputs } from "~/trpc/client";
import type { Rights } from "../_components/rights";
import { AttemptShares } from "./attempt-shares";
import { Figures } from "./figures";
import { MethodShares } from "./method-shares";
import { readRange, WORKBENCH_URL } from "./range";
import { ReportButton } from "./report-button";
import { RiskBand } from "./risk-band";
import { TodoList } from "./todo-list";
import { WorkbenchTrend } from "./workbench-trend";

export type WorkbenchData = RouterOutputs["dashboard"]["workbench"];

/** Today against yesterday, money at risk, and what needs a person: one sheet, divided by rules. */
export function Workbench({ rights }: { rights: Rights }) {
  const t = useT("dashboard");
  const [url, setUrl] = useUrlState(WORKBENCH_URL);
  const range = readRange(url.range);
  const { data, error, refetch } = api.dashboard.workbench.useQuery({ range }, { placeholderData: keepPreviousData });
  return (
    <>
      <PageHead title={t("title")} meta={data && <AsOf at={data.asOf} />}>
        <Segment
          label={t("range")}
          value={range}
          onChange={(next) => setUrl({ range: next })}
          choices={WORKBENCH_RANGES.map((key) => ({ key, label: t(`ranges.${key}`) }))}
        />
        <ReportButton range={range} rights={rights} />
      </PageHead>
      {data ? <Sheet data={data} /> : error ? <LoadError error={error} onRetry={() => void refetch()} /> : <Waiting />}
    </>
  );
}

function Sheet({ data }: { data: WorkbenchData }) {
  return (
    <>
      <RiskBand risk={data.risk} />
      <Figures data={data} />
      <div className="grid border-t border-line lg:grid-cols-[minmax(0,1fr)_360px]">
        <WorkbenchTrend data={data} />
        <TodoList data={data} />
      </div>
      <div className="grid grow border-t border-line lg:grid-cols-2">
        <MethodShares data={data} />
        <AttemptShares data={data} />
      </div>
    </>
  );
}

/** 11 月 20 日 周五 · 截至 10:42:08，自动更新 */
function AsOf({ at }: { at: Date }) {
  const t = useT("dashboard");
  const [, month = "", date = ""] = beijingDate(at).split("-");
  // Noon of the Beijing day is the same civil day in UTC, whose weekday needs no time zone.
  const weekday = new Date(startOfBeijingDate(beijingDate(at)).getTime() + 20 * 3_600_000).getUTCDay() as 0;
  const day = t("day", { month: Number(month), date: Number(date), weekday: t(`weekday.${weekday}`) });
  return <span className="truncate">{t("asOf", { day, time: beijingText(at).slice(11) })}</span>;
}

function Waiting() {
  return (
    <Section>
      <div aria-busy className="grid grid-cols-4 gap-6 px-gutter py-6 max-md:grid-cols-2">
        {["a", "b", "c", "d"].map((key) => (
          <div key={key} className="grid gap-3">
            <Skeleton className="w-1/2" />
            <Skeleton className="h-6 w-4/5" />
          </div>
        ))}
      </div>
    </Section>
  );
}
