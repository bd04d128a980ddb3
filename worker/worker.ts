import { hostname } from "node:os";
import { seconds } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import type { JobName } from "~/server/outbox/jobs";
import { startDispatcher } from "./dispatch";
import { handlers } from "./handlers";
import { openQueue } from "./queue";
import { type Handler, jobRunner } from "./run-job";
import { startSweeper } from "./sweep";

const REPORT_EVERY_MS = seconds(60);

export type RunningWorker = { stop(): Promise<void> };

/** Starts everything a worker process does: dispatching, running, sweeping, and telling how it goes. */
export async function startWorker(sys: SystemCtx, jobs: Readonly<Record<JobName, Handler>> = handlers): Promise<RunningWorker> {
  const { workerConcurrency } = sys.config;
  const workerId = `${hostname().slice(0, 40)}-${process.pid}`;
  const queue = openQueue(sys.config, sys.log);
  const { run, counts } = jobRunner(sys, jobs, workerId);
  const worker = queue.work(workerConcurrency, run);
  await worker.ready();
  const dispatcher = startDispatcher(sys, queue, workerConcurrency);
  const sweeper = startSweeper(sys, workerId);
  const report = setInterval(() => {
    const lookedAgoMs = Math.round(performance.now() - dispatcher.lookedAt);
    sys.log.info({ ...counts, dispatched: dispatcher.dispatched, lookedAgoMs }, "worker");
  }, REPORT_EVERY_MS);
  sys.log.info({ workerId, concurrency: workerConcurrency, queue: sys.config.redisUrl ? "redis" : "postgres" }, "worker started");

  return {
    /** Intake first, then what is under way, then the connections. */
    async stop() {
      clearInterval(report);
      await Promise.all([dispatcher.stop(), sweeper.stop()]);
      await worker.close();
      await queue.close();
    },
  };
}
