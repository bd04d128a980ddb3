import { createPostgresBackend, type Queue, type QueueOptions, type Worker } from "bullmq";
import type { Redis } from "ioredis";
import { endsWithin } from "~/lib/ends-within";
import { seconds } from "~/lib/time";
import type { Logger } from "~/server/logger";
import { openImpatientRedis, openRedis } from "~/server/redis";

/** Connections of a queue's own pool, beside the one that listens. */
const POOL_MAX = 4;
const CONNECT_TIMEOUT_MS = seconds(10);
/** What Redis still has to be told when we stop; it is told again by the lease if it does not hear it. */
const LAST_WORDS_MS = seconds(3);

type Connected = Pick<QueueOptions, "connection" | "skipVersionCheck">;

/** Where BullMQ keeps its queue, and what is different about it. */
export type QueueStore = {
  backend: typeof createPostgresBackend | undefined;
  forAdding(): Connected;
  forWorking(): Connected;
  /** Does what needs an answer soon, or throws. */
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** Whether an error says no more than that nobody answers. */
  isOutage(error: Error): boolean;
  ready(worker: Worker): Promise<unknown>;
  closeWorker(worker: Worker, underWay: ReadonlySet<Promise<void>>): Promise<void>;
  close(queue: Queue): Promise<void>;
};

export function onPostgres(url: string): QueueStore {
  const connected = () => ({
    connection: { connectionString: url, max: POOL_MAX, connectionTimeoutMillis: CONNECT_TIMEOUT_MS } as QueueOptions["connection"],
  });
  return {
    backend: createPostgresBackend,
    forAdding: connected,
    forWorking: connected,
    ask: (work) => work(),
    isOutage: () => false,
    ready: (worker) => worker.waitUntilReady(),
    closeWorker: (worker) => worker.close(),
    close: (queue) => queue.close(),
  };
}

/** Redis may be away when we start, while we work and when we stop; BullMQ would wait for it each time, so it is not waited for. */
export function onRedis(url: string, log: Logger): QueueStore {
  const connections: Redis[] = [];
  const adding = openImpatientRedis(url, log);
  connections.push(adding);

  /** BullMQ blocks on a second connection, which it makes of the first and which would go on trying for ever. */
  const openForWorking = (): Redis => {
    const redis = openRedis(url, log);
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => {
      const second = duplicate(override);
      connections.push(second);
      return second;
    };
    connections.push(redis);
    return redis;
  };

  return {
    backend: undefined,
    // The check asks Redis once, and a queue whose question was not answered would stay unusable.
    forAdding: () => ({ connection: adding, skipVersionCheck: true }),
    forWorking: () => ({ connection: openForWorking() }),
    async ask(work) {
      if (adding.status !== "ready") throw new Error("Redis does not answer");
      return work();
    },
    isOutage,
    ready: async () => {},
    async closeWorker(worker, underWay) {
      // Takes no more from here on.
      await worker.pause(true);
      await Promise.all(underWay);
      const closed = worker.close(connections.some(({ status }) => status !== "ready"));
      // What was being fetched just then may still have begun.
      while (!(await endsWithin(LAST_WORDS_MS, closed)) && underWay.size > 0) await Promise.all(underWay);
    },
    async close(queue) {
      await endsWithin(LAST_WORDS_MS, queue.close());
      for (const redis of connections) redis.disconnect();
    },
  };
}

/** As the system, ioredis and BullMQ say it. */
function isOutage({ code, message }: Error & { code?: unknown }): boolean {
  return /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)/.test(String(code)) || /[Cc]onnection|[Tt]imeout|timed out/.test(message);
}
