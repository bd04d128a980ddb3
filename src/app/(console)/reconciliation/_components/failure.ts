import { GIVE_UP_AFTER_MS, readyAt } from "~/domain/reconciliation";
import { after, type CivilDate } from "~/lib/time";

/** What a person can do about it: nothing but again, tell support, correct the number, get the permission. */
const NEXT = {
  bad_hash: "again",
  bad_totals: "format",
  cut_off: "again",
  unreadable_line: "format",
  unknown_columns: "format",
  not_a_statement: "format",
  broken_archive: "again",
  too_large: "format",
  wrong_account: "account",
  wrong_day: "again",
  not_ready: "again",
  no_permission: "permission",
  declined: "permission",
  timeout: "again",
  unavailable: "again",
} as const;

export type FailureWord = keyof typeof NEXT;

/** The words for a failure; null where there are none yet. What follows a colon is the provider's own word. */
export function failureOf(code: string | null): { what: FailureWord; next: (typeof NEXT)[FailureWord] } | null {
  const [word = ""] = (code ?? "").split(":", 1);
  if (!Object.hasOwn(NEXT, word)) return null;
  // The line above has just looked.
  const what = word as FailureWord;
  return { what, next: NEXT[what] };
}

/** Until when the house asks again by itself: counted from when the day was begun, or begun anew. */
export function givesUpAt({ day, begunAt }: { day: CivilDate; begunAt: Date }): Date {
  const ready = readyAt(day);
  return after(begunAt > ready ? begunAt : ready, GIVE_UP_AFTER_MS);
}
