import { type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";
import { given, readCursor, readDay, readOneOf, readWords } from "~/lib/address";

export const PAGE_SIZE = 50;

/** Everything of the list that stands in its address. `open` is the application whose drawer is open, `part` the tab of its detail. */
export const LIST_DEFAULTS = { q: "", status: "", from: "", to: "", after: "", page: "1", open: "", part: "overview" } as const;
export type ListState = Readonly<Record<keyof typeof LIST_DEFAULTS, string>>;

/** The names that narrow the list: clearing all filters empties them. */
export const FILTER_NAMES = ["q", "from", "to"] as const;

export const isFiltered = (state: ListState): boolean => FILTER_NAMES.some((name) => state[name] !== "") || state.status !== "";

/** The same reading of the address on the server, where the page prefetches. */
export function readListState(search: Readonly<Record<string, string | string[] | undefined>>): ListState {
  const entries = Object.entries(LIST_DEFAULTS).map(([name, fallback]) => {
    const given = search[name];
    return [name, typeof given === "string" ? given : fallback];
  });
  return Object.fromEntries(entries) as ListState;
}

export const LIST_STATUSES = [...facetofaceMachine.states, "attention"] as const satisfies readonly (FacetofaceStatus | "attention")[];

const Q_MAX = 64;

/** Every status of the same filter: what the tabs count. */
export const countInput = (state: ListState) => given({ q: readWords(state.q, Q_MAX), from: readDay(state.from), to: readDay(state.to) });

/** What narrows the list: also what an export holds. */
export const filterInput = (state: ListState) => ({ ...countInput(state), ...given({ status: readOneOf(LIST_STATUSES, state.status) }) });

/** One page of the list. */
export const listInput = (state: ListState) => ({ ...filterInput(state), limit: PAGE_SIZE, ...given({ cursor: readCursor(state.after) }) });
