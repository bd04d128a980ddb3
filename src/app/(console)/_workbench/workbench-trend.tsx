"use client";

import { Trend } from "~/components/trend";
import { useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { beijingDate, beijingText, startOfBeijingDate } from "~/lib/time";
import type { WorkbenchData } from "./workbench";

const HOUR_TICKS = [0, 4, 8, 12, 16, 20, 24];

/** Today added up hour by hour over yesterday; or day by day over the days before. */
export function WorkbenchTrend({ data }: { data: WorkbenchData }) {
  const t = useT("dashboard");
  const { trend, range, asOf, figures } = data;
  const byHour = trend.unit === "hour";
  const time = beijingText(asOf).slice(11, 16);
  const title = byHour ? t("trend.cumulative") : t("trend.daily");
  const names = { ours: t(`trend.days.${range}`), ...(trend.compares ? { compare: t(`trend.before.${range}`) } : {}) };
  const points = byHour ? hourPoints(data) : dayPoints(data);
  const said = { title, range: names.ours, sum: yuanDisplay(figures.paid.fen), time };
  const before = figures.paid.before;
  return (
    <div className="min-w-0 pb-2">
      <Trend
        title={title}
        names={names}
        points={points}
        ticks={byHour ? HOUR_TICKS.map((hour) => ({ x: hour * 60, label: `${String(hour).padStart(2, "0")}:00` })) : dayTicks(points)}
        now={nowOf(data, time)}
        summary={
          before && names.compare
            ? t("trend.summaryBefore", { ...said, before: names.compare, beforeSum: yuanDisplay(before.fen) })
            : t("trend.summary", said)
        }
      />
    </div>
  );
}

/** The day that is not over yet ends here, not at a loss. */
function nowOf(data: WorkbenchData, label: string) {
  const { trend, asOf, figures } = data;
  if (trend.unit === "hour") return { x: minuteOf(data, asOf), label, fen: figures.paid.fen };
  const today = trend.points.at(-1)?.ours;
  return today == null ? undefined : { x: trend.points.length - 1, label, fen: today };
}

/** Minutes since the day began: where a moment stands on the axis. */
const minuteOf = ({ days }: WorkbenchData, at: Date): number => (at.getTime() - startOfBeijingDate(days.from).getTime()) / 60_000;

function hourPoints(data: WorkbenchData) {
  return data.trend.points.map(({ at, ours, compare }) => {
    const x = minuteOf(data, at);
    return { x, label: x === 1_440 ? "24:00" : beijingText(at).slice(11, 16), ours, compare };
  });
}

function dayPoints({ trend }: WorkbenchData) {
  return trend.points.map(({ at, ours, compare }, x) => ({ x, label: beijingDate(at).slice(5), ours, compare }));
}

/** Seven days are all named; of thirty every fifth, the last always. */
function dayTicks(points: readonly { x: number; label: string }[]) {
  const every = points.length > 10 ? 5 : 1;
  return points.filter(({ x }) => (points.length - 1 - x) % every === 0);
}
