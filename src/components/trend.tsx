"use client";

import { ChartSpline, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useLang, useT } from "~/i18n/use-t";
import { type Fen, fen } from "~/lib/money";
import { Money } from "./money";
import { chartAmount, unitFor } from "./trend-scale";
import { Skeleton } from "./ui/states";
import { Segment } from "./ui/tabs";

/** `x` places the point (minutes of a day, or a day's number); null is a gap, not zero. */
export type TrendPoint = { x: number; label: string; ours: Fen | null; compare: Fen | null };

export type TrendProps = {
  title: string;
  /** 今日 and 昨日. Without a second name there is no comparison. */
  names: { ours: string; compare?: string };
  points: readonly TrendPoint[];
  /** Labels under the axis. */
  ticks: readonly { x: number; label: string }[];
  /** A dotted upright at the present moment. */
  now?: { x: number; label: string; fen: Fen };
  /** Segments that choose what is shown. */
  tools?: ReactNode;
  /** The whole in one sentence, for screen readers. */
  summary: string;
};

const CHART_HEIGHT = 234;

// The chart library weighs more than the rest of the page; the table needs none of it.
const TrendChart = dynamic(() => import("./trend-chart").then((module) => module.TrendChart), {
  ssr: false,
  loading: () => (
    <div className="flex h-[234px] items-end px-gutter pb-4">
      <Skeleton className="w-3/5" />
    </div>
  ),
});

/** A line against its comparison, with 图/表 beside it: the table is the same data, and what a screen reader gets. */
export function Trend(props: TrendProps) {
  const { title, names, points, tools, now, summary } = props;
  const t = useT("common");
  const lang = useLang();
  const [view, setView] = useState<"chart" | "table">("chart");
  const highest = points.reduce<Fen>(
    (top, point) => [point.ours, point.compare].reduce<Fen>((a, b) => (b !== null && b > a ? b : a), top),
    fen(0n),
  );
  const unit = unitFor(highest);
  return (
    <section aria-label={title}>
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-gutter py-1">
        <h2 className="text-sm font-strong">{title}</h2>
        <Legend className="border-t-2 border-chart-1">{names.ours}</Legend>
        {names.compare && <Legend className="border-t-2 border-dashed border-chart-6">{names.compare}</Legend>}
        <span className="text-xs text-ink-3">{t("chart.unit", { unit: t(`chart.${unit.name}`) })}</span>
        <span className="grow" />
        {tools}
        <Segment
          label={t("chart.viewAs")}
          value={view}
          onChange={setView}
          choices={[
            { key: "chart", name: t("chart.chart"), label: <ChartSpline aria-hidden className="my-[5px]" /> },
            { key: "table", name: t("chart.table"), label: <Table2 aria-hidden className="my-[5px]" /> },
          ]}
        />
      </div>
      {view === "chart" ? (
        <div role="img" aria-label={summary}>
          <TrendChart {...props} unit={unit} highest={highest} height={CHART_HEIGHT} nowText={now ? chartAmount(now.fen, lang) : ""} />
        </div>
      ) : (
        <div className="h-[234px] overflow-y-auto">
          <TrendTable {...props} />
        </div>
      )}
      {view === "chart" && (
        <div className="sr-only">
          <TrendTable {...props} />
        </div>
      )}
    </section>
  );
}

const Legend = ({ className, children }: { className: string; children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5 text-xs text-ink-2">
    <i aria-hidden className={`w-4 ${className}`} />
    {children}
  </span>
);

function TrendTable({ names, points, title }: TrendProps) {
  const t = useT("common");
  return (
    <table className="data-table" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{t("chart.time")}</th>
          <th scope="col" data-align="right">
            {names.ours}
          </th>
          {names.compare && (
            <th scope="col" data-align="right">
              {names.compare}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.x}>
            <td data-phone="title">{point.label}</td>
            <td data-phone="amount" data-align="right">
              {point.ours === null ? "–" : <Money fen={point.ours} />}
            </td>
            {names.compare && (
              <td data-phone="amount" data-align="right">
                {point.compare === null ? "–" : <Money fen={point.compare} />}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
