import { type Fen, fen, yuanDisplay } from "~/lib/money";

/** What one unit of the axis is, and how it is called in `common.chart`. */
export type Unit = { name: "yuan" | "wan" | "yi"; fen: number };

/** From which sum on a unit is used: the ticks then have two or three figures. */
const UNITS: readonly (Unit & { from: Fen })[] = [
  { name: "yi", fen: 10_000_000_000, from: fen(10_000_000_000n) },
  { name: "wan", fen: 1_000_000, from: fen(10_000_000n) },
];

export const unitFor = (highest: Fen): Unit => UNITS.find((unit) => highest >= unit.from) ?? { name: "yuan", fen: 100 };

/** Four or five round ticks from zero to at least `highest`. Numbers here only place pixels; amounts stay `Fen`. */
export function ticksFor(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** In charts only, sums from one 亿 on are shortened: 1.28 亿 (or 128 M in English). */
export function chartAmount(amount: Fen, lang: "zh" | "en"): string {
  if (amount < 10_000_000_000n) return yuanDisplay(amount);
  const hundredths = (amount + 50_000_000n) / 100_000_000n;
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
  return lang === "zh" ? `${text} 亿` : `${(Number(hundredths)).toLocaleString("en-US")} M`;
}
