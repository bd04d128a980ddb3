import { FIRST_PAGE } from "~/components/ui/first-page";
import { CASE_KINDS } from "~/domain/exception";
import { given, readCursor, readOneOf, readWords } from "~/lib/address";

export const PAGE_SIZE = 50;

/** Everything of the list that stands in its address, beside the case that is open. */
export const LIST_DEFAULTS = { q: "", status: "", kind: "", owner: "", ...FIRST_PAGE } as const;
export type ListState = Readonly<Record<keyof typeof LIST_DEFAULTS, string>>;

export const FILTER_NAMES = ["q", "kind", "owner"] as const;
export const isFiltered = (state: ListState): boolean => FILTER_NAMES.some((name) => state[name] !== "");

/** The same reading of the address on the server, where the page prefetches. */
export function readListState(search: Readonly<Record<string, string | string[] | undefined>>): ListState {
  const entries = Object.entries(LIST_DEFAULTS).map(([name, fallback]) => {
    const given = search[name];
    return [name, typeof given === "string" ? given : fallback];
  });
  return Object.fromEntries(entries) as ListState;
}

const Q_MAX = 64;
const OWNERS = ["me", "nobody"] as const;

/** One page of the list. */
export function listInput(state: ListState) {
  const filter = given({
    q: readWords(state.q, Q_MAX),
    kind: readOneOf(CASE_KINDS, state.kind),
    owner: readOneOf(OWNERS, state.owner),
    cursor: readCursor(state.after),
  });
  return { ...filter, status: state.status === "ended" ? ("ended" as const) : ("open" as const), limit: PAGE_SIZE };
}
