import { setTimeout as sleep } from "node:timers/promises";

/** So many messages are held back before they go, last first; what comes alone waits this long. */
const HELD_MAX = 3;
const HELD_MS = 1_000;
/** Between two released messages, so that their order holds on the wire. */
const GAP_MS = 30;

/** Holds messages back and lets them go in reverse order. */
export class Shuffle {
  #held: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** Resolves when it is the caller's turn to send. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#held.push(resolve);
      if (this.#held.length >= HELD_MAX) void this.#release();
      else this.#timer ??= setTimeout(() => void this.#release(), HELD_MS);
    });
  }

  async #release(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const held = this.#held.reverse();
    this.#held = [];
    for (const go of held) {
      go();
      await sleep(GAP_MS);
    }
  }
}
