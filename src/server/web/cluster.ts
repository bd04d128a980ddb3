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
type Notice = { xjz: "release"; holder: string } | { xjz: "figures"; id: number; figures: Figures };
type Order = { xjz: "answer"; id: number; value: unknown } | { xjz: "collect"; id: number };
type Figures = Awaited<ReturnType<Metrics["registry"]["getMetricsAsJSON"]>>;

const RESTART_AFTER_MS = seconds(1);
const ANSWER_WITHIN_MS = seconds(6);
/** One that does not tell its figures by then is left out of the sum. */
const COLLECT_WITHIN_MS = seconds(2);

/** For a web process that is alone. */
export const sharedAlone = ({ registry }: Metrics): Shared => ({ quota: new LocalSocketQuota(), metricsText: () => registry.metrics() });

/** For one of several: asks the primary. */
export function sharedWithOthers({ registry }: Metrics): Shared {
  let count = 0;
  const open = new Map<number, (value: unknown) => void>();
  const tell = (message: Question | Notice) => void (process.connected && process.send?.(message));
  process.on("message", (message: Order) => {
    if (message?.xjz === "answer") {
      open.get(message.id)?.(message.value);
      open.delete(message.id);
    } else if (message?.xjz === "collect") {
      // The database may be away: then this process is left out.
      void registry.getMetricsAsJSON().then(
        (figures) => tell({ xjz: "figures", id: message.id, figures }),
        () => {},
      );
    }
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
      tell({ ...question, id });
    });
  return {
    quota: {
      take: async (holder) => (await ask({ xjz: "take", holder })) === true,
      release: (holder) => tell({ xjz: "release", holder }),
    },
    metricsText: async () => String(await ask({ xjz: "metrics" })),
  };
}

/** Starts `count` web processes, puts another in the place of one that died, and answers their questions. */
export function runPrimary(count: number, log: Logger): { stop(): Promise<void> } {
  const quota = new LocalSocketQuota();
  const held = new Map<number, string[]>();
  const served = new Set<number>();
  let stopping = false;

  const reply = async (worker: Worker, message: Question | Notice) => {
    const mine = held.get(worker.id) ?? [];
    if (message?.xjz === "take") {
      const ok = await quota.take(message.holder);
      if (ok) held.set(worker.id, [...mine, message.holder]);
      worker.send({ xjz: "answer", id: message.id, value: ok } satisfies Order);
    } else if (message?.xjz === "release") {
      quota.release(message.holder);
      mine.splice(mine.indexOf(message.holder), 1);
    } else if (message?.xjz === "metrics") {
      const figures = await collect([...served].flatMap((id) => cluster.workers?.[id] ?? []));
      worker.send({ xjz: "answer", id: message.id, value: await AggregatorRegistry.aggregate(figures).metrics() } satisfies Order);
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

let rounds = 0;

/** The figures of those that tell them in time. */
function collect(workers: readonly Worker[]): Promise<Figures[]> {
  const id = ++rounds;
  return new Promise((resolve) => {
    const told: Figures[] = [];
    const end = () => {
      clearTimeout(timer);
      cluster.off("message", listen);
      resolve(told);
    };
    const listen = (_worker: Worker, message: Notice) => {
      if (message?.xjz !== "figures" || message.id !== id) return;
      told.push(message.figures);
      if (told.length === workers.length) end();
    };
    const timer = setTimeout(end, COLLECT_WITHIN_MS);
    cluster.on("message", listen);
    for (const worker of workers) worker.send({ xjz: "collect", id } satisfies Order);
  });
}
