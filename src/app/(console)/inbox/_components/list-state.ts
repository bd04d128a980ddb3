import type { z } from "zod";
import { FIRST_PAGE } from "~/components/ui/pager";
import { ListNotifications } from "~/domain/notification-input";

export const PAGE_SIZE = 50;

/** Everything of the list that stands in its address. */
export const LIST_DEFAULTS = { q: "", state: "", provider: "", channel: "", from: "", to: "", ...FIRST_PAGE } as const;
export type ListState = Readonly<Record<keyof typeof LIST_DEFAULTS, string>>;

/** The names that narrow the list: clearing all filters empties them. */
export const FILTER_NAMES = ["q", "provider", "channel", "from", "to"] as const;

export const isFiltered = (state: ListState): boolean => FILTER_NAMES.some((name) => state[name] !== "") || state.state !== "";

/** The same reading of the address on the server, where the page prefetches. */
export function readListState(search: Readonly<Record<string, string | string[] | undefined>>): ListState {
  const entries = Object.entries(LIST_DEFAULTS).map(([name, fallback]) => {
    const given = search[name];
    return [name, typeof given === "string" ? given : fallback];
  });
  return Object.fromEntries(entries) as ListState;
}

const { q, state: stateSchema, provider, channelId, from, to, cursor } = ListNotifications.shape;

/** An address is written by people: what does not fit is left out, the rest still counts. */
const taken = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined => {
  const read = text === "" ? null : schema.safeParse(text);
  return read?.success ? read.data : undefined;
};

/** Every state of the same filter: what the tabs count. Absent names stay absent, so that server and browser ask for the same thing. */
export function countInput(state: ListState) {
  const filter = {
    q: taken(q, state.q),
    provider: taken(provider, state.provider),
    channelId: taken(channelId, state.channel),
    from: taken(from, state.from),
    to: taken(to, state.to),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Partial<typeof filter>;
}

/** One page of the list. */
export function listInput(state: ListState) {
  const one = taken(stateSchema, state.state);
  const after = taken(cursor, state.after);
  return { ...countInput(state), ...(one ? { state: one } : {}), limit: PAGE_SIZE, ...(after ? { cursor: after } : {}) };
}
