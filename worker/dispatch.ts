import { seconds } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import { BATCH_MAX, claimDue } from "~/server/outbox/claim";
import type { OutboxQueue } from "./queue";

/** Work is announced by the live bus; this is for what nobody announced: retries, schedules, a moved clock. */
const LOOK_EVERY_MS = 500;
/** Never more leased than this many times what may run at once: a lease that ends while its row still waits is a wasted run. */
const AHEAD = 4;
/** While the queue is as full as it may be, or more is due than fitted. */
const FULL_MS = 25;
const AFTER_FAILURE_MS = seconds(1);

export type Dispatcher = {
  /** Rows handed to the queue since the start. */
  readonly dispatched: number;
  /** Machine time of the last look that succeeded, for the heartbeat. */
  readonly lookedAt: number;
  stop(): Promise<void>;
};

/** Moves due outbox rows to the queue: at once when told, every half second anyway. */
export function startDispatcher(sys: SystemCtx, queue: OutboxQueue, concurrency: number): Dispatcher {
  let dispatched = 0;
  let lookedAt = performance.now();
  let stopping = false;
  /** Whether rows handed over earlier may still wait in the queue; after a restart nobody knows. */
  let backlog = true;
  let failing = false;
  let wake: (() => void) | null = null;
  let told = false;

  const offWake = sys.live.onWake(() => {
    told = true;
    wake?.();
  });

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      if (stopping || ms === 0 || (told && ms === LOOK_EVERY_MS)) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Hands over what is due and answers how long to wait before the next look. */
  const look = async (): Promise<number> => {
    const room = concurrency * AHEAD - (backlog ? await queue.waiting() : 0);
    if (room <= 0) return FULL_MS;
    const limit = Math.min(room, BATCH_MAX);
    const rows = await claimDue(sys, limit);
    backlog = rows.length > 0;
    if (rows.length === 0) return LOOK_EVERY_MS;
    await queue.add(rows);
    dispatched += rows.length;
    if (rows.length < limit) return LOOK_EVERY_MS;
    return limit === BATCH_MAX ? 0 : FULL_MS;
  };

  const run = async () => {
    while (!stopping) {
      told = false;
      let gap = AFTER_FAILURE_MS;
      try {
        gap = await look();
        lookedAt = performance.now();
        failing = false;
      } catch (error) {
        // Rows that were leased but not handed over come back when their lease ends.
        sys.log[failing ? "debug" : "warn"]({ error }, "due work could not be handed over; trying until it can");
        failing = true;
        backlog = true;
      }
      await pause(gap);
    }
  };
  const ended = run();

  return {
    get dispatched() {
      return dispatched;
    },
    get lookedAt() {
      return lookedAt;
    },
    async stop() {
      stopping = true;
      offWake();
      wake?.();
      await ended;
    },
  };
}
