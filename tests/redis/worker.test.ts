import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FileClock } from "~/lib/clock-file";
import { seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { outbox } from "~/server/db/schema";
import { LEASE_MS } from "~/server/outbox/claim";
import { enqueue } from "~/server/outbox/enqueue";
import { JOB_NAMES, type JobName, OUTBOX_QUEUE } from "~/server/outbox/jobs";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually } from "~tests/support/processes";
import { startRedis, type TestRedis } from "~tests/support/redis";
import { newTenant, openTestSystem } from "~tests/support/system";
import type { Handler } from "~worker/run-job";
import { type RunningWorker, startWorker } from "~worker/worker";

const CONCURRENCY = 4;
/** More than run at once and fewer than may be handed over: some run, the others wait in the queue. */
const ROWS = 12;

let database: TestDatabase;
let redis: TestRedis;
let sys: System;
let clock: FileClock;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  sys = await openTestSystem(database.appUrl, {
    TEST_CLOCK: "1",
    WORKER_CONCURRENCY: String(CONCURRENCY),
    REDIS_URL: redis.url,
  });
  clock = new FileClock(sys.config.dataDir);
});
afterAll(async () => {
  await sys.close();
  await Promise.all([database.drop(), redis.stop()]);
});

const workers: RunningWorker[] = [];
const releases: (() => void)[] = [];
// One queue and one outbox serve a whole database: what a test leaves behind would be run by the next one's worker.
beforeEach(async () => {
  await redis.wipe();
  await sys.db.orm.delete(outbox);
});
afterEach(async () => {
  for (const release of releases.splice(0)) release();
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

/** Starts a worker whose roll-ups are `run`, and which has nothing to do otherwise. */
async function work(run: (subject: string) => Promise<void>, system: System = sys): Promise<RunningWorker> {
  const handler =
    (job: JobName): Handler =>
    async (_ctx, subject) => {
      if (job === "roll-up") await run(subject);
      return null;
    };
  const worker = await startWorker(system, Object.fromEntries(JOB_NAMES.map((job) => [job, handler(job)])) as Record<JobName, Handler>);
  workers.push(worker);
  return worker;
}

/** A handler that notes what it is told and then waits until `release`. */
function held() {
  const begun: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run = async (subject: string) => {
    begun.push(subject);
    await released;
  };
  releases.push(release);
  return { begun, run, release };
}

const names = Array.from({ length: ROWS }, (_, index) => `s${String(index).padStart(2, "0")}`);
const ask = (ctx: Ctx, subject: string) => ctx.transaction((tx) => enqueue(tx, ctx, "roll-up", subject));
const askAll = async (ctx: Ctx) => {
  for (const name of names) await ask(ctx, name);
};
/** Rows that the sweeper of a new worker begins by itself are not what these tests are about. */
const left = async (ctx: Ctx) =>
  (await sys.db.orm.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId))).filter(({ job }) => job === "roll-up");
const allHandedOver = () => eventually("every row is handed over", async () => (await inRedis()).length === ROWS);
/** Names of what waits or runs in BullMQ's queue, as far as these tests are about it. */
const inRedis = () =>
  redis.ask(async (asked) => {
    const key = (name: string) => `bull:${OUTBOX_QUEUE}:${name}`;
    const ids = (await Promise.all([asked.lrange(key("wait"), 0, -1), asked.lrange(key("active"), 0, -1)])).flat();
    const jobs = await Promise.all(ids.map((id) => asked.hget(key(id), "name")));
    return jobs.filter((job) => job === "roll-up");
  });

describe("the worker on Redis", () => {
  it("runs what is due, once, and asks PostgreSQL's queue for nothing", async () => {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    await askAll(ctx);

    await work(run);
    await allHandedOver();
    release();
    await eventually("all rows are done", async () => (await left(ctx)).length === 0);

    expect(begun.sort()).toEqual(names);
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    const [queued] = await owner`select count(*)::int as jobs from bullmq.job`;
    await owner.end();
    expect(queued?.jobs).toBe(0);
  });

  it("does what another process committed", async () => {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    release();
    const other = await openTestSystem(database.appUrl, { TEST_CLOCK: "1", DATA_DIR: sys.config.dataDir, REDIS_URL: redis.url });

    await work(run, other);
    await ask(ctx, "elsewhere");
    await eventually("it ran", () => begun.includes("elsewhere"));

    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await other.close();
  });
});

describe("IDEM-07 Redis is only a nudge", () => {
  /** Brings the worker to where some rows run and the others wait, harms Redis, and lets everything come to its end. */
  async function survives(harm: () => Promise<void>) {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    await askAll(ctx);
    await work(run);
    await allHandedOver();
    await eventually("some run", () => begun.length === CONCURRENCY);

    await harm();
    release();
    await eventually("those that ran are done", async () => (await left(ctx)).length <= ROWS - CONCURRENCY);
    // What only waited is lost with the queue, and nobody knows but the outbox.
    clock.advance(LEASE_MS + seconds(1));
    await eventually("all rows are done", async () => (await left(ctx)).length === 0);
    expect(begun.sort()).toEqual(names);

    await ask(ctx, "later");
    await eventually("the same worker does new work", () => begun.includes("later"));
  }

  it("IDEM-07 wiping it under a worker loses nothing and doubles nothing", () => survives(() => redis.wipe()));

  it("IDEM-07 killing it under a worker loses nothing and doubles nothing", () =>
    survives(async () => {
      await redis.kill();
      await redis.start();
    }));

  it("IDEM-07 what is asked for while it is away is done when it is back", async () => {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    release();
    await work(run);
    await ask(ctx, "before");
    await eventually("work is done", () => begun.includes("before"));

    await redis.kill();
    await askAll(ctx);
    await redis.start();
    await eventually("all rows are done", async () => {
      clock.advance(LEASE_MS + seconds(1));
      return (await left(ctx)).length === 0;
    });

    // A lease may run out while its row runs, as fast as this clock goes: then it runs again, and does no harm.
    expect([...new Set(begun)].sort()).toEqual(["before", ...names]);
  });

  it("IDEM-07 a worker starts before it, and works when it comes", async () => {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    release();

    await redis.kill();
    await work(run);
    await ask(ctx, "early");
    await redis.start();

    await eventually("it ran", () => begun.includes("early"));
  });
});

describe("ERR-04 stopping where nobody answers", () => {
  /** A bound for what would otherwise wait as long as Redis is away. */
  const SOON_MS = 30_000;

  async function stops(harm: () => void | Promise<void>) {
    const ctx = await newTenant(sys);
    const { begun, run, release } = held();
    const worker = await work(run);
    await ask(ctx, "held");
    await eventually("it runs", () => begun.length === 1);

    await harm();
    const startedAt = performance.now();
    const stopping = worker.stop();
    workers.length = 0;
    release();
    await stopping;

    expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
    expect(await left(ctx)).toEqual([]);
  }

  it("ERR-04 finishes what it holds, and stops, after Redis was killed", async () => {
    await stops(() => redis.kill());
    await redis.start();
  });

  it("ERR-04 finishes what it holds, and stops, while Redis hangs", async () => {
    await stops(() => redis.hang());
    redis.resume();
  });
});
