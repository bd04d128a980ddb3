import { FIRST_PAGE } from "~/components/ui/first-page";
import { DIFFERENCE_KINDS } from "~/domain/reconciliation";
import { given, readCursor, readOneOf, readWords } from "~/lib/address";
import type { Id } from "~/lib/id";
import { readMonth } from "./month";

export const PAGE_SIZE = 50;

/** The calendar's month, and the list of what is open below it. */
export const HOME_DEFAULTS = { month: "", q: "", kind: "", owner: "", ...FIRST_PAGE } as const;
export type HomeState = Readonly<Record<keyof typeof HOME_DEFAULTS, string>>;

/** A day's list, and the difference whose drawer is open. */
export const DAY_DEFAULTS = { q: "", status: "", kind: "", open: "", ...FIRST_PAGE } as const;
export type DayState = Readonly<Record<keyof typeof DAY_DEFAULTS, string>>;

export const FILTER_NAMES = ["q", "kind", "owner"] as const;
export const isFiltered = (state: Pick<HomeState, "q" | "kind"> & { owner?: string }): boolean =>
  FILTER_NAMES.some((name) => Boolean(state[name]));

/** The same reading of the address on the server, where the page prefetches. */
export function readState<State extends Readonly<Record<string, string>>>(
  defaults: State,
  search: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<keyof State, string>> {
  const entries = Object.entries(defaults).map(([name, fallback]) => {
    const given = search[name];
    return [name, typeof given === "string" ? given : fallback];
  });
  return Object.fromEntries(entries) as Readonly<Record<keyof State, string>>;
}

export const calendarInput = (state: Pick<HomeState, "month">) => given({ month: readMonth(state.month) });

const Q_MAX = 64;
/** What numbers are made of; the procedure takes nothing else. */
const NUMBER = /^[0-9A-Za-z_\-|*@.]+$/;
function readNumber(text: string): string | undefined {
  const words = readWords(text, Q_MAX);
  return words && NUMBER.test(words) ? words : undefined;
}

const filterInput = (state: { q: string; kind: string; after: string }) =>
  given({ q: readNumber(state.q), kind: readOneOf(DIFFERENCE_KINDS, state.kind), cursor: readCursor(state.after) });

/** One page of what is open, of all days. */
export const openInput = (state: HomeState) => ({
  ...filterInput(state),
  ...given({ owner: readOneOf(["me"] as const, state.owner) }),
  status: "open" as const,
  limit: PAGE_SIZE,
});

/** One page of a day's differences. */
export const dayInput = (dayId: Id<"reconciliation">, state: DayState) => ({
  ...filterInput(state),
  dayId,
  status: state.status === "ended" ? ("ended" as const) : ("open" as const),
  limit: PAGE_SIZE,
});
