import type { JournalEntry } from "../../control/types";

export type Kind = JournalEntry["kind"];
export const KINDS: readonly Kind[] = ["request", "message", "buyer", "control"];

/** Entries kept in the page. */
const KEPT_MAX = 1_000;

/** Adds entries that may have come before, in any order; the newest 1,000 stay, oldest first. */
export function mergeJournal(known: readonly JournalEntry[], fresh: readonly JournalEntry[]): readonly JournalEntry[] {
  if (fresh.length === 0) return known;
  const last = known.at(-1)?.seq ?? 0;
  const bySeq = new Map(fresh.filter(({ seq }) => seq > last).map((entry) => [entry.seq, entry]));
  return [...known, ...[...bySeq.values()].sort((a, b) => a.seq - b.seq)].slice(-KEPT_MAX);
}

export type Filter = { text: string; kinds: readonly Kind[]; troubleOnly: boolean };

/** A buyer who changes their mind is no trouble, and neither is a fault that let the call through. */
export const isTrouble = (entry: JournalEntry): boolean => !entry.ok && entry.kind !== "buyer";

/** What fits, newest first. `upTo` holds back what came later. */
export function filterJournal(entries: readonly JournalEntry[], filter: Filter, upTo: number | null): JournalEntry[] {
  const text = filter.text.trim().toLowerCase();
  const fits = (entry: JournalEntry) =>
    (upTo === null || entry.seq <= upTo) &&
    filter.kinds.includes(entry.kind) &&
    (!filter.troubleOnly || isTrouble(entry)) &&
    (text === "" ||
      [entry.what, entry.outTradeNo, entry.account, entry.verdict, entry.fault].some((value) => value?.toLowerCase().includes(text)));
  return entries.filter(fits).reverse();
}
