import { minutes, seconds } from "~/lib/time";

/** An open subscription is checked again this often even when nothing happens … */
const CHECK_EVERY_MS = minutes(1);
/** … and ahead of an item, unless it was checked this recently: a busy tenant must not ask once per event. */
const BELIEVED_MS = seconds(1);

type Watch = { check: () => Promise<void>; signal: AbortSignal | undefined; checkEveryMs?: number };

/** Passes a subscription's items on for as long as `check` does not throw; then the subscription ends with that error. */
export async function* watched(source: unknown, { check, signal, checkEveryMs = CHECK_EVERY_MS }: Watch): AsyncGenerator<unknown, void> {
  const iterator = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const alarm = new Alarm(signal);
  let checkedAt = performance.now();
  let pending: Promise<IteratorResult<unknown>> | null = null;
  try {
    while (!signal?.aborted) {
      pending ??= iterator.next();
      const item = await Promise.race([pending, alarm.after(checkedAt + checkEveryMs - performance.now())]);
      if (item === "alarm" || performance.now() - checkedAt > BELIEVED_MS) {
        if (signal?.aborted) return;
        await check();
        checkedAt = performance.now();
      }
      if (item === "alarm") continue;
      pending = null;
      if (item.done) return;
      yield item.value;
    }
  } finally {
    alarm.clear();
    // The source may be waiting for its next event; telling it to end must not wait for one.
    void iterator.return?.();
  }
}

/** One timer at a time; an aborted signal rings at once. */
class Alarm {
  #timer: NodeJS.Timeout | null = null;
  #ring: (() => void) | null = null;

  constructor(signal: AbortSignal | undefined) {
    signal?.addEventListener("abort", () => this.#ring?.(), { once: true });
  }

  after(ms: number): Promise<"alarm"> {
    this.clear();
    return new Promise((resolve) => {
      this.#ring = () => resolve("alarm");
      this.#timer = setTimeout(this.#ring, Math.max(0, ms));
      this.#timer.unref();
    });
  }

  clear(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
