import { randomBase32 } from "~/lib/id";
import type { LiveBus } from "./live";

/** What an open screen is told: ids alone, which it then asks about. `gap`: something may have been missed, ask for everything. */
export type LiveNews = { id: string; type: string; subject: string };

/** A screen cannot follow more than this at once; then one `gap` says more, and says it sooner. */
const WAITING_MAX = 100;
const AFTER_GAP_MS = 250;

export type FollowOptions = {
  signal: AbortSignal | undefined;
  /** What this listener may hear of. */
  accept: (news: { type: string; subject: string }) => boolean;
};

/**
 * A tenant's news until the signal ends. It begins with a `gap`, because nobody knows what happened between the page's
 * making and this first moment of listening.
 */
export async function* followLive(live: LiveBus, tenantId: string, { signal, accept }: FollowOptions): AsyncGenerator<LiveNews, void> {
  const origin = randomBase32(8);
  let count = 0;
  let waiting: { type: string; subject: string }[] = [];
  let gap = true;
  let wake: (() => void) | null = null;
  const note = (change: () => void) => {
    change();
    wake?.();
  };
  const unsubscribe = live.subscribe(
    tenantId,
    ({ type, subject }) => {
      if (!gap && !type.startsWith("outbox.") && accept({ type, subject })) note(() => waiting.push({ type, subject }));
    },
    () => note(() => (gap = true)),
  );
  const stop = () => wake?.();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    while (!signal?.aborted) {
      if (waiting.length > WAITING_MAX) gap = true;
      if (gap) {
        waiting = [];
        gap = false;
        yield { id: `${origin}-${++count}`, type: "gap", subject: "" };
        await new Promise((resolve) => setTimeout(resolve, count === 1 ? 0 : AFTER_GAP_MS));
      } else if (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        for (const news of batch) yield { id: `${origin}-${++count}`, ...news };
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    unsubscribe();
  }
}
