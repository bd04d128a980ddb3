import { FIRST_PAGE } from "~/components/ui/first-page";
import { notificationMachine } from "~/domain/notification";
import { PROVIDERS } from "~/domain/provider";
import { given, readCursor, readDay, readId, readOneOf, readWords } from "~/lib/address";

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

const Q_MAX = 64;

/** Every state of the same filter: what the tabs count. */
export const countInput = (state: ListState) =>
  given({
    q: readWords(state.q, Q_MAX),
    provider: readOneOf(PROVIDERS, state.provider),
    channelId: readId("channel", state.channel),
    from: readDay(state.from),
    to: readDay(state.to),
  });

/** One page of the list. */
export const listInput = (state: ListState) => ({
  ...countInput(state),
  ...given({ state: readOneOf(notificationMachine.states, state.state), cursor: readCursor(state.after) }),
  limit: PAGE_SIZE,
});
