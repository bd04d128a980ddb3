"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { useLang } from "~/i18n/use-t";
import { type Fen, fen } from "~/lib/money";
import type { TrendPoint, TrendProps } from "./trend";
import { chartAmount, ticksFor, type Unit } from "./trend-scale";

type TrendChartProps = TrendProps & { unit: Unit; highest: Fen; height: number; nowText: string };

const TICK = { fill: "var(--ink-3)", fontSize: 11 };

export function TrendChart({ names, points, ticks, now, unit, highest, height, nowText }: TrendChartProps) {
  const scaled = (amount: Fen | null) => (amount === null ? null : Number(amount) / unit.fen);
  const rows: ChartRow[] = points.map((point) => ({ x: point.x, point, ours: scaled(point.ours), compare: scaled(point.compare) }));
  if (now) insertNow(rows, now, unit);
  const yTicks = ticksFor(Number(highest) / unit.fen);
  const labels = new Map(ticks.map((tick) => [tick.x, tick.label]));
  const left = points[0]?.x ?? 0;
  const right = points.at(-1)?.x ?? 1;
  const nowAtRight = now && now.x > left + (right - left) * 0.85;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart data={rows} margin={{ top: 10, right: 28, bottom: 0, left: 14 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="x"
          type="number"
          domain={[left, right]}
          ticks={ticks.map((tick) => tick.x)}
          tickFormatter={(x: number) => labels.get(x) ?? ""}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          interval="preserveStartEnd"
        />
        <YAxis
          ticks={yTicks}
          domain={[0, yTicks.at(-1) ?? 1]}
          tickFormatter={(value: number) => value.toLocaleString("en-US")}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={46}
        />
        <Tooltip isAnimationActive={false} cursor={{ stroke: "var(--line-strong)" }} content={<Tip names={names} />} />
        {names.compare && (
          <Line
            dataKey="compare"
            stroke="var(--chart-6)"
            strokeWidth={1.5}
            strokeDasharray="3 3"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            type="linear"
          />
        )}
        <Area
          dataKey="ours"
          stroke="var(--chart-1)"
          strokeWidth={2}
          fill="var(--chart-1)"
          fillOpacity={0.09}
          dot={false}
          activeDot={{ r: 4, fill: "var(--chart-1)", stroke: "var(--surface)", strokeWidth: 2 }}
          isAnimationActive={false}
          type="linear"
        />
        {now && (
          <ReferenceLine
            x={now.x}
            stroke="var(--chart-1)"
            strokeDasharray="2 3"
            strokeOpacity={0.6}
            label={<NowLabel time={now.label} figure={nowText} flip={Boolean(nowAtRight)} />}
          />
        )}
        {now && (
          <ReferenceDot x={now.x} y={Number(now.fen) / unit.fen} r={4} fill="var(--chart-1)" stroke="var(--surface)" strokeWidth={2} />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

type ChartRow = { x: number; point: TrendPoint; ours: number | null; compare: number | null };

/** Our line ends at the present moment, between two points; the comparison passes it on its way. */
function insertNow(rows: ChartRow[], now: NonNullable<TrendProps["now"]>, unit: Unit) {
  const at = rows.findIndex((row) => row.x >= now.x);
  if (at < 0 || rows[at]?.x === now.x) return;
  const [before, after] = [rows[at - 1], rows[at]];
  const passing =
    before?.compare == null || after?.compare == null
      ? null
      : before.compare + ((after.compare - before.compare) * (now.x - before.x)) / (after.x - before.x);
  const point = { x: now.x, label: now.label, ours: now.fen, compare: null };
  rows.splice(at, 0, { x: now.x, point, ours: Number(now.fen) / unit.fen, compare: passing });
}

type NowLabelProps = { time: string; figure: string; flip: boolean; viewBox?: { x?: number; y?: number } };

function NowLabel({ time, figure, flip, viewBox }: NowLabelProps) {
  const x = (viewBox?.x ?? 0) + (flip ? -10 : 10);
  const y = viewBox?.y ?? 0;
  return (
    <g textAnchor={flip ? "end" : "start"}>
      <text x={x} y={y + 10} fontSize={11} fontWeight={500} fill="var(--chart-1)">
        {time}
      </text>
      <text x={x} y={y + 26} fontSize={12} fontWeight={600} fill="var(--ink)">
        {figure}
      </text>
    </g>
  );
}

type TipProps = { names: TrendProps["names"]; active?: boolean; payload?: readonly { payload?: { point?: TrendPoint } }[] };

function Tip({ names, active, payload }: TipProps) {
  const lang = useLang();
  const point = payload?.[0]?.payload?.point;
  if (!active || !point) return null;
  const row = (name: string, amount: Fen | null) => (
    <div className="flex justify-between gap-6">
      <span className="text-ink-2">{name}</span>
      <span className="font-medium">{amount === null ? "–" : chartAmount(fen(amount), lang)}</span>
    </div>
  );
  return (
    <div className="min-w-36 rounded-lg bg-raised px-3 py-2 text-xs shadow-pop">
      <div className="pb-1 text-ink-3">{point.label}</div>
      {row(names.ours, point.ours)}
      {names.compare && row(names.compare, point.compare)}
    </div>
  );
}
