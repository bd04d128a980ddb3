import type { z } from "zod";
import { ListPayments } from "~/domain/payment-input";

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

const { q, status, provider, method, environment, from, to, minFen, maxFen, sort, cursor } = ListPayments.shape;

/** An address is written by people: what does not fit is left out, the rest still counts. */
const taken = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined => {
  const read = text === "" ? null : schema.safeParse(text);
  return read?.success ? read.data : undefined;
};

/** What narrows the list, as the procedures take it. Absent names stay absent, so that server and browser ask for the same thing. */
export function filterInput(state: ListState) {
  const filter = {
    q: taken(q, state.q),
    status: taken(status, state.status),
    provider: taken(provider, state.provider),
    method: taken(method, state.method),
    environment: taken(environment, state.environment),
    from: taken(from, state.from),
    to: taken(to, state.to),
    minFen: taken(minFen, state.min),
    maxFen: taken(maxFen, state.max),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Partial<typeof filter>;
}

/** Every status of the same filter: what the tabs count. */
export function countInput(state: ListState) {
  const { status: _status, ...filter } = filterInput(state);
  return filter;
}

/** One page of the list. */
export function listInput(state: ListState) {
  const after = taken(cursor, state.after);
  return { ...filterInput(state), sort: taken(sort, state.sort) ?? "created", limit: PAGE_SIZE, ...(after ? { cursor: after } : {}) };
}

/** The filter for an export, in plain JSON: amounts as decimal text. */
export function exportInput(state: ListState) {
  const { minFen: low, maxFen: high, ...filter } = filterInput(state);
  return {
    ...filter,
    ...(low === undefined ? {} : { minFen: String(low) }),
    ...(high === undefined ? {} : { maxFen: String(high) }),
    sort: taken(sort, state.sort) ?? "created",
  };
}
