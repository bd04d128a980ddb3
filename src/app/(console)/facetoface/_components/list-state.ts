import { readRange } from "~/components/ui/date-presets";
import { type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";

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
const CURSOR_MAX = 200;
const NOT_IN_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Every status of the same filter: what the tabs count. An address is written by people: what does not fit is left out. */
export function countInput(state: ListState) {
  const q = state.q.normalize("NFC").trim();
  const range = readRange(state.from, state.to);
  return {
    ...(q && q.length <= Q_MAX && !NOT_IN_A_LINE.test(q) ? { q } : {}),
    ...(range ? { from: range.from, to: range.to } : {}),
  };
}

/** What narrows the list: also what an export holds. */
export function filterInput(state: ListState) {
  const status = LIST_STATUSES.find((one) => one === state.status);
  return { ...countInput(state), ...(status ? { status } : {}) };
}

/** One page of the list. */
export function listInput(state: ListState) {
  const cursor = state.after.length <= CURSOR_MAX ? state.after : "";
  return { ...filterInput(state), limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
}
