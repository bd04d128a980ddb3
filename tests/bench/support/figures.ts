/** The value below which `share` of the sorted values lie. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** One line: the figure beside its limit, and whether it reached what it must. */
export function say(what: string, figure: string, beside: string, verdict: boolean | null): void {
  const mark = verdict === null ? " " : verdict ? "✓" : "✗";
  process.stdout.write(`  ${mark} ${what.padEnd(34)} ${figure.padStart(22)}   ${beside}\n`);
}
