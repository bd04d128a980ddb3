import type { z } from "zod";
import { FIRST_PAGE } from "~/components/ui/pager";
import { ListCases } from "~/domain/exception-input";

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

const { q, kind, owner, cursor } = ListCases.shape;

/** An address is written by people: what does not fit is left out, the rest still counts. */
const taken = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined => {
  const read = text === "" ? null : schema.safeParse(text);
  return read?.success ? read.data : undefined;
};

/** One page of the list. Absent names stay absent, so that server and browser ask for the same thing. */
export function listInput(state: ListState) {
  const filter = {
    q: taken(q, state.q),
    kind: taken(kind, state.kind),
    owner: taken(owner, state.owner),
    cursor: taken(cursor, state.after),
  };
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Partial<typeof filter>;
  return { ...given, status: state.status === "ended" ? ("ended" as const) : ("open" as const), limit: PAGE_SIZE };
}
