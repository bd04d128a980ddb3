import { LRUCache } from "lru-cache";
import { minutes } from "~/lib/time";

/** Refused messages that one source may leave behind in a minute. Each costs a row and an event; verifying costs next to nothing. */
export const REFUSED_PER_MINUTE = 300;
const SOURCES_MAX = 10_000;

/**
 * How much a source that never proved itself may write (RATE-03). Counted in the memory of each process: nothing can be down.
 * A message that verifies is never held back, from whichever address it comes.
 */
export class Strangers {
  // The minute begins with the first refusal and is not prolonged by later ones.
  readonly #refused = new LRUCache<string, number>({ max: SOURCES_MAX, ttl: minutes(1), noUpdateTTL: true });

  /** Whether a message from this source may be stored before it is known to verify. */
  mayBeStored(source: string): boolean {
    return (this.#refused.get(source) ?? 0) < REFUSED_PER_MINUTE;
  }

  /** A message from this source was refused. */
  note(source: string): void {
    this.#refused.set(source, (this.#refused.get(source) ?? 0) + 1);
  }
}
