import { type Job, Queue, Worker } from "bullmq";
import { minutes, seconds } from "~/lib/time";
import type { Config } from "~/server/config";
import type { Logger } from "~/server/logger";
import type { Claimed } from "~/server/outbox/claim";
import { OUTBOX_QUEUE } from "~/server/outbox/jobs";
import { onPostgres, onRedis } from "./queue-store";

/** A job of a worker that died is run again after this, or after the outbox lease at the latest. */
const LOCK_MS = seconds(30);
const STALLED_EVERY_MS = seconds(15);

export type OutboxQueue = {
  /** Hands rows to the workers of all processes. */
  add(rows: readonly Claimed[]): Promise<void>;
  /** Rows handed over that no worker has begun yet. */
  waiting(): Promise<number>;
  /** Begins to run rows here, `concurrency` at once. `run` must not throw. */
  work(concurrency: number, run: (row: Claimed) => Promise<void>): RunningWorker;
  close(): Promise<void>;
};

export type RunningWorker = {
  /** Throws when the queue cannot be worked on as it is. */
  ready(): Promise<unknown>;
  /** Takes no more and waits for what is under way. */
  close(): Promise<void>;
};

/**
 * BullMQ on PostgreSQL, or on Redis where REDIS_URL is given. It spreads rows over processes and nothing more: it may lose, repeat
 * or reorder them, because the outbox is what counts (IDEM-07).
 */
export function openQueue(config: Config, log: Logger): OutboxQueue {
  const store = config.redisUrl ? onRedis(config.redisUrl, log) : onPostgres(config.databaseUrl);
  const complain = (error: Error) => log[store.isOutage(error) ? "debug" : "warn"]({ error }, "queue");

  // BullMQ's types know one backend per class; which one it is shows only at run time.
  const queue = new Queue<Claimed>(OUTBOX_QUEUE, store.forAdding(), store.backend as never);
  queue.on("error", complain);
  return {
    add: (rows) =>
      store.ask(async () => {
        await queue.addBulk(
          rows.map((row) => ({ name: row.job, data: row, opts: { attempts: 1, removeOnComplete: true, removeOnFail: true } })),
        );
      }),
    waiting: () => store.ask(() => queue.getWaitingCount()),
    work(concurrency, run) {
      const underWay = new Set<Promise<void>>();
      const runOne = async (job: Job<Claimed>) => {
        const running = run(job.data);
        underWay.add(running);
        await running.finally(() => underWay.delete(running));
      };
      const options = {
        ...store.forWorking(),
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: 3,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0, age: minutes(1) / 1_000 },
      };
      const worker = new Worker<Claimed>(OUTBOX_QUEUE, runOne, options, store.backend as never);
      worker.on("error", complain);
      worker.on("failed", (job, error) => log.warn({ job: job?.name, error }, "the queue dropped a job; its lease will run out"));
      return { ready: () => store.ready(worker), close: () => store.closeWorker(worker, underWay) };
    },
    async close() {
      await store.close(queue);
    },
  };
}
