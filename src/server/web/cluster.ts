import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { seconds } from "~/lib/time";
import type { Logger } from "~/server/logger";
import type { Metrics } from "~/server/metrics";
import { LocalSocketQuota, type SocketQuota } from "./socket-quota";

/**
 * Several web processes share one port. What only one place can know (the sockets of a person, the sum of the figures) the
 * primary keeps, and the others ask it.
 */
export type Shared = {
  quota: SocketQuota;
  /** Figures of all web processes, as Prometheus reads them. */
  metricsText(): Promise<string>;
};

type Question = { xjz: "take"; id: number; holder: string } | { xjz: "metrics"; id: number };
type Notice = { xjz: "release"; holder: string };
type Answer = { xjz: "answer"; id: number; value: unknown };

const RESTART_AFTER_MS = seconds(1);
const ANSWER_WITHIN_MS = seconds(6);

/** For a web process that is alone. */
export const sharedAlone = ({ registry }: Metrics): Shared => ({ quota: new LocalSocketQuota(), metricsText: () => registry.metrics() });

/** For one of several: asks the primary. */
export function sharedWithOthers({ registry }: Metrics): Shared {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
  let count = 0;
  const open = new Map<number, (value: unknown) => void>();
  process.on("message", (message: Answer) => {
    if (message?.xjz !== "answer") return;
    open.get(message.id)?.(message.value);
    open.delete(message.id);
  });
  const ask = (question: { xjz: "take"; holder: string } | { xjz: "metrics" }) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++count;
      const timer = setTimeout(() => {
        open.delete(id);
        reject(new Error("the primary process did not answer"));
      }, ANSWER_WITHIN_MS);
      open.set(id, (value) => {
        clearTimeout(timer);
        resolve(value);
      });
      process.send?.({ ...question, id } satisfies Question);
    });
  return {
    quota: {
      take: async (holder) => (await ask({ xjz: "take", holder })) === true,
      release: (holder) => void (process.connected && process.send?.({ xjz: "release", holder } satisfies Notice)),
    },
    metricsText: async () => String(await ask({ xjz: "metrics" })),
  };
}

/** Starts `count` web processes, puts another in the place of one that died, and answers their questions. */
export function runPrimary(count: number, log: Logger): { stop(): Promise<void> } {
  const quota = new LocalSocketQuota();
  const figures = new AggregatorRegistry();
  const held = new Map<number, string[]>();
  const served = new Set<number>();
  let stopping = false;

  const reply = async (worker: Worker, message: Question | Notice) => {
    const mine = held.get(worker.id) ?? [];
    if (message?.xjz === "take") {
      const ok = await quota.take(message.holder);
      if (ok) held.set(worker.id, [...mine, message.holder]);
      worker.send({ xjz: "answer", id: message.id, value: ok } satisfies Answer);
    } else if (message?.xjz === "release") {
      quota.release(message.holder);
      mine.splice(mine.indexOf(message.holder), 1);
    } else if (message?.xjz === "metrics") {
      worker.send({ xjz: "answer", id: message.id, value: await figures.clusterMetrics() } satisfies Answer);
    }
  };
  cluster.on("message", (worker, message) => {
    reply(worker, message).catch((error: unknown) => log.warn({ error }, "a web process was not answered"));
  });
  cluster.on("listening", ({ id }) => served.add(id));
  cluster.on("exit", ({ id }, code, signal) => {
    for (const holder of held.get(id) ?? []) quota.release(holder);
    held.delete(id);
    if (stopping) return;
    // One that never served said why, and a second try would say it again.
    if (!served.delete(id)) process.exit(code || 1);
    log.error({ code, signal }, "a web process ended; another one takes its place");
    setTimeout(() => stopping || cluster.fork(), RESTART_AFTER_MS);
  });
  for (let index = 0; index < count; index++) cluster.fork();

  return {
    async stop() {
      stopping = true;
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(
        workers.map(
          (worker) =>
            new Promise<void>((resolve) => {
              if (worker.isDead()) return resolve();
              worker.once("exit", () => resolve());
              worker.process.kill("SIGTERM");
            }),
        ),
      );
    },
  };
}
