import { seconds } from "~/lib/time";
import type { SystemCtx } from "./context";
import { expectedSchema, schemaInDatabase } from "./db/schema-version";
import { openImpatientRedis } from "./redis";
import { CLOCK_SKEW_MAX_MS } from "./start-checks";

const CHECKS = ["database", "queue", "schema", "clock"] as const;
export type HealthReport = { status: "ok" | "failed" | "stopping"; checks: Record<(typeof CHECKS)[number], "ok" | "failed"> };

const CHECK_WITHIN_MS = seconds(2);
/** Whoever asks, the database is asked once a second at most. */
const BELIEVED_MS = seconds(1);

export type Health = {
  /** Whether this process can do its work now. */
  ready(): Promise<HealthReport>;
  /** From now on not ready: balancers send nobody here any more, while what is under way is finished. */
  stop(): void;
};

export function watchHealth(sys: SystemCtx): Health {
  let stopping = false;
  let latest: { at: number; report: Promise<HealthReport> } | null = null;
  const expected = expectedSchema();
  const redis = sys.config.redisUrl ? openImpatientRedis(sys.config.redisUrl, sys.log) : null;

  const checks = {
    async database() {
      await sys.db.sql`select 1`;
    },
    async queue() {
      if (redis) await redis.ping();
      else await sys.db.sql`select 1 from bullmq.job limit 1`;
    },
    async schema() {
      if ((await schemaInDatabase(sys.db)) !== expected.when) throw new Error("the schema is of another version");
    },
    async clock() {
      const [row] = await sys.db.sql<{ now: Date }[]>`select clock_timestamp() as now`;
      if (!row || Math.abs(row.now.getTime() - Date.now()) > CLOCK_SKEW_MAX_MS) throw new Error("clocks differ");
    },
  };

  const look = async (): Promise<HealthReport> => {
    const results = await Promise.all(
      CHECKS.map(async (name) => {
        const ok = await withinTime(checks[name]());
        if (ok !== true) sys.log.warn({ check: name, error: ok }, "health check failed");
        return [name, ok === true ? "ok" : "failed"] as const;
      }),
    );
    const failed = results.some(([, state]) => state !== "ok");
    return { status: failed ? "failed" : "ok", checks: Object.fromEntries(results) as HealthReport["checks"] };
  };

  return {
    async ready() {
      if (!latest || performance.now() - latest.at > BELIEVED_MS) latest = { at: performance.now(), report: look() };
      const report = await latest.report;
      return stopping ? { ...report, status: "stopping" } : report;
    },
    stop() {
      stopping = true;
      redis?.disconnect();
    },
  };
}

/** True, or the error that says why not. */
function withinTime(check: Promise<unknown>): Promise<true | Error> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(new Error("no answer in time")), CHECK_WITHIN_MS);
    check
      .then(
        () => resolve(true),
        (error: Error) => resolve(error),
      )
      .finally(() => clearTimeout(timer));
  });
}
