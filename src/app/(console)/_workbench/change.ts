import { type Fen, fen } from "~/lib/money";

/** How a figure moved against what it is compared with; never good or bad, an arrow and a figure. */
export type Change = { direction: "rose" | "fell"; text: string } | { direction: "same" | "new" };

/** Tenths of a percent, rounded half up, without a float. Nothing before is no percentage. */
export function changeOf(now: Fen, before: Fen): Change {
  if (now === before) return { direction: "same" };
  if (before === 0n) return { direction: "new" };
  const distance = fen(now > before ? now - before : before - now);
  const tenths = (distance * 2_000n + before) / (before * 2n);
  return { direction: now > before ? "rose" : "fell", text: `${tenths / 10n}.${tenths % 10n}%` };
}

/** A permille as "97.8". */
export const percentOf = (permille: number): string => `${Math.trunc(permille / 10)}.${permille % 10}`;

/** Between two rates in permille: points, not percent. */
export function pointsOf(now: number, before: number): Change {
  if (now === before) return { direction: "same" };
  return { direction: now > before ? "rose" : "fell", text: percentOf(Math.abs(now - before)) };
}
