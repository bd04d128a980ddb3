import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { SystemCtx } from "./context";
import { observeCalls } from "./providers/transport";

/** What /metrics tells. Labels are words of ours, never ids or anything that a caller chooses. */
export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(sys: SystemCtx) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "xjz_" });
  const common = { registers: [registry] };
  const requests = new Histogram({
    ...common,
    name: "xjz_http_request_seconds",
    help: "Time from the first byte of a request to the last of its answer",
    labelNames: ["route", "method", "status"],
    buckets: SECONDS,
  });
  const callbacks = new Counter({
    ...common,
    name: "xjz_callbacks_total",
    help: "Messages from providers, by what became of them",
    labelNames: ["provider", "outcome"],
  });
  const providerCalls = new Histogram({
    ...common,
    name: "xjz_provider_call_seconds",
    help: "Calls to providers, by how they ended",
    labelNames: ["host", "outcome"],
    buckets: SECONDS,
  });
  const sockets = new Gauge({ ...common, name: "xjz_sockets", help: "Open WebSockets" });
  observeDatabase(sys, registry);
  observeCalls(({ host, outcome, ms }) => providerCalls.observe({ host, outcome }, ms / 1_000));
  return { registry, requests, callbacks, sockets };
}

/** Figures that all processes share are read when they are asked for, once for all of them. */
function observeDatabase({ db, now, log }: SystemCtx, registry: Registry): void {
  let running: Promise<void> | null = null;
  const collect = () => {
    running ??= read().finally(() => {
      running = null;
    });
    return running;
  };
  const gauge = (name: string, help: string, aggregator: "max" | "min" = "max", labelNames: string[] = []) =>
    new Gauge({ name, help, aggregator, labelNames, registers: [registry], collect });

  const up = gauge("xjz_database_up", "Whether the database answered just now", "min");
  const due = gauge("xjz_outbox_due", "Rows that are due and not leased, up to 10,000");
  const late = gauge("xjz_outbox_oldest_seconds", "How long the oldest due row has been waiting");
  const connections = gauge("xjz_db_connections", "Connections of our processes to PostgreSQL", "max", ["process", "state"]);

  const read = async () => {
    connections.reset();
    try {
      const [outbox] = await db.sql<{ due: number; late: number | null }[]>`
        select count(*)::int as due, extract(epoch from ${now()}::timestamptz - min(due_at))::float as late
          from (select due_at from app.outbox where due_at <= ${now()} order by due_at limit 10000) waiting`;
      due.set(outbox?.due ?? 0);
      late.set(Math.max(0, outbox?.late ?? 0));
      const rows = await db.sql<{ process: string; state: string; count: number }[]>`
        select application_name as process, coalesce(state, 'unknown') as state, count(*)::int as count
          from pg_stat_activity where application_name like 'xjz-%' and usename = current_user group by 1, 2`;
      for (const { process, state, count } of rows) connections.set({ process, state }, count);
      up.set(1);
    } catch (error) {
      // An outage must not blind whoever watches: the other figures are told all the same.
      up.set(0);
      log.warn({ error }, "figures of the database are missing");
    }
  };
}
