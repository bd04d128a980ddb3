import { paymentMachine } from "~/domain/payment";
import { ENVIRONMENTS, METHODS, PROVIDERS } from "~/domain/provider";
import { given, readCursor, readDay, readFen, readOneOf, readWords } from "~/lib/address";

export const PAGE_SIZE = 50;

/** Everything of the list that stands in its address. `open` is the payment whose drawer is open, `part` the tab of its detail. */
export const LIST_DEFAULTS = {
  q: "",
  status: "",
  provider: "",
  method: "",
  environment: "",
  from: "",
  to: "",
  min: "",
  max: "",
  sort: "created",
  after: "",
  page: "1",
  open: "",
  part: "overview",
} as const;
export type ListState = Readonly<Record<keyof typeof LIST_DEFAULTS, string>>;

/** The names that narrow the list: clearing all filters empties them. */
export const FILTER_NAMES = ["q", "provider", "method", "environment", "from", "to", "min", "max"] as const;

export const isFiltered = (state: ListState): boolean => FILTER_NAMES.some((name) => state[name] !== "") || state.status !== "";

/** The same reading of the address on the server, where the page prefetches. */
export function readListState(search: Readonly<Record<string, string | string[] | undefined>>): ListState {
  const entries = Object.entries(LIST_DEFAULTS).map(([name, fallback]) => {
    const given = search[name];
    return [name, typeof given === "string" ? given : fallback];
  });
  return Object.fromEntries(entries) as ListState;
}

const Q_MAX = 64;
const STATUSES = [...paymentMachine.states, "unknown"] as const;
const SORTS = ["created", "amount"] as const;

/** What narrows the list, as the procedures take it. */
export const filterInput = (state: ListState) =>
  given({
    q: readWords(state.q, Q_MAX),
    status: readOneOf(STATUSES, state.status),
    provider: readOneOf(PROVIDERS, state.provider),
    method: readOneOf(METHODS, state.method),
    environment: readOneOf(ENVIRONMENTS, state.environment),
    from: readDay(state.from),
    to: readDay(state.to),
    minFen: readFen(state.min),
    maxFen: readFen(state.max),
  });

const sortOf = (state: ListState) => readOneOf(SORTS, state.sort) ?? "created";

/** Every status of the same filter: what the tabs count. */
export function countInput(state: ListState) {
  const { status: _status, ...filter } = filterInput(state);
  return filter;
}

/** One page of the list. */
export function listInput(state: ListState) {
  return { ...filterInput(state), sort: sortOf(state), limit: PAGE_SIZE, ...given({ cursor: readCursor(state.after) }) };
}

/** The filter for an export, in plain JSON: amounts as decimal text. */
export function exportInput(state: ListState) {
  const { minFen: low, maxFen: high, ...filter } = filterInput(state);
  return {
    ...filter,
    ...(low === undefined ? {} : { minFen: String(low) }),
    ...(high === undefined ? {} : { maxFen: String(high) }),
    sort: sortOf(state),
  };
}
