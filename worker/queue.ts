import { createPostgresBackend, type Job, Queue, type QueueOptions, Worker, type WorkerOptions } from "bullmq";
import { Redis } from "ioredis";
import { minutes, seconds } from "~/lib/time";
import type { Config } from "~/server/config";
import type { Logger } from "~/server/logger";
import type { Claimed } from "~/server/outbox/claim";
import { OUTBOX_QUEUE } from "~/server/outbox/jobs";

/** A job of a worker that died is run again after this, or after the outbox lease at the latest. */
const LOCK_MS = seconds(30);
const STALLED_EVERY_MS = seconds(15);
/** Connections of a queue's own pool, beside the one that listens. */
const POOL_MAX = 4;
const CONNECT_TIMEOUT_MS = seconds(10);

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
  ready(): Promise<unknown>;
  /** Takes no more and waits for what is under way. */
  close(): Promise<void>;
};

/**
 * BullMQ on PostgreSQL, or on Redis where REDIS_URL is given. It spreads rows over processes and nothing more: it may lose, repeat
 * or reorder them, because the outbox is what counts (IDEM-07).
 */
export function openQueue(config: Config, log: Logger): OutboxQueue {
  const backend = config.redisUrl ? undefined : createPostgresBackend;
  const connections: Redis[] = [];
  const connection = () => {
    if (!config.redisUrl) return { connectionString: config.databaseUrl, max: POOL_MAX, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
    const redis = new Redis(config.redisUrl, { maxRetriesPerRequest: null });
    redis.on("error", (error) => log.warn({ error }, "redis connection"));
    connections.push(redis);
    return redis;
  };
  const options = (): QueueOptions => ({ connection: connection() as QueueOptions["connection"] });
  const complain = (error: Error) => log.warn({ error }, "queue");

  // BullMQ's types know one backend per class; which one it is shows only at run time.
  const queue = new Queue<Claimed>(OUTBOX_QUEUE, options(), backend as never);
  queue.on("error", complain);
  return {
    async add(rows) {
      await queue.addBulk(
        rows.map((row) => ({ name: row.job, data: row, opts: { attempts: 1, removeOnComplete: true, removeOnFail: true } })),
      );
    },
    waiting: () => queue.getWaitingCount(),
    work(concurrency, run) {
      const workerOptions: WorkerOptions = {
        ...options(),
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: 3,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0, age: minutes(1) / 1_000 },
      };
      const worker = new Worker<Claimed>(OUTBOX_QUEUE, (job: Job<Claimed>) => run(job.data), workerOptions, backend as never);
      worker.on("error", complain);
      worker.on("failed", (job, error) => log.warn({ job: job?.name, error }, "the queue dropped a job; its lease will run out"));
      return { ready: () => worker.waitUntilReady(), close: () => worker.close() };
    },
    async close() {
      await queue.close();
      for (const redis of connections) redis.disconnect();
    },
  };
}
