import { readRange } from "~/components/ui/date-presets";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { ACTOR_KINDS, EVENT_NOUNS, type ListEventsInput } from "~/domain/event";

/** Filters, page and open record, as they stand in the address. */
export const URL_STATE = { q: "", noun: "", actor: "", from: "", to: "", open: "", ...FIRST_PAGE };
export type AuditState = Record<keyof typeof URL_STATE, string>;

export const LIMIT = 50;

/** What the address asks for; a word that is not ours asks for nothing. */
export function listInput({ q, noun, actor, from, to, after }: AuditState): ListEventsInput {
  const range = readRange(from, to);
  return {
    q: /^[0-9A-Za-z_.@-]{1,64}$/.test(q) ? q : undefined,
    noun: EVENT_NOUNS.find((one) => one === noun),
    actorKind: ACTOR_KINDS.find((one) => one === actor),
    from: range?.from,
    to: range?.to,
    cursor: after || undefined,
    limit: LIMIT,
  };
}
