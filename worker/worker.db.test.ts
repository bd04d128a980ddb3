import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FileClock } from "~/lib/clock-file";
import { AppError } from "~/lib/errors";
import { fen } from "~/lib/money";
import { after, hours, minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { outbox } from "~/server/db/schema";
import { claimDue, LEASE_MS } from "~/server/outbox/claim";
import { enqueue } from "~/server/outbox/enqueue";
import { JOB_NAMES, type JobName, OUTBOX_QUEUE } from "~/server/outbox/jobs";
import { recreateMissingJobs } from "~/server/services/invariant";
import { createPayment } from "~/server/services/payment";
import { eventually } from "~tests/support/processes";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { openQueue } from "./queue";
import type { Handler } from "./run-job";
import { startWorker } from "./worker";

const { database, sys } = await systemForFile({ TEST_CLOCK: "1", WORKER_CONCURRENCY: "4" });
let owner: postgres.Sql;
let clock: FileClock;
beforeAll(async () => {
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  clock = new FileClock(sys.config.dataDir);
});
afterAll(async () => {
  await owner.end();
});

// One queue and one outbox serve a whole database: what a test leaves behind would be run by the next one's worker.
beforeEach(async () => {
  await wipeQueue();
  await sys.db.orm.delete(outbox);
});

const wipeQueue = () => owner`truncate bullmq.job, bullmq.event cascade`;

/** Every job done by one function, which learns the job's name too. */
const doing = (handle: (job: JobName, subject: string, ctx: Ctx) => Promise<Date | null>) =>
  Object.fromEntries(JOB_NAMES.map((job) => [job, ((ctx, subject) => handle(job, subject, ctx)) satisfies Handler])) as Record<
    JobName,
    Handler
  >;

const rowsOf = (ctx: Ctx) => sys.db.orm.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId));
/** Rows that the sweeper of a new worker begins by itself are not what these tests are about. */
const own = async (ctx: Ctx) => (await rowsOf(ctx)).filter((row) => row.job === "roll-up");
const ask = (ctx: Ctx, subject: string, dueAt?: Date) => ctx.transaction((tx) => enqueue(tx, ctx, "roll-up", subject, dueAt));

/** Runs a worker for the length of `during`. */
async function working(handle: Parameters<typeof doing>[0], during: () => Promise<unknown>): Promise<void> {
  const worker = await startWorker(sys, doing(handle));
  try {
    await during();
  } finally {
    await worker.stop();
  }
}

describe("the worker", () => {
  it("runs what is due, once, and removes its row", async () => {
    const ctx = await newTenant(sys);
    const ran: string[] = [];
    for (let index = 0; index < 60; index += 1) await ask(ctx, `s${index}`);

    await working(
      async (job, subject) => {
        if (job === "roll-up") ran.push(subject);
        return null;
      },
      () => eventually("all rows are done", async () => (await own(ctx)).length === 0),
    );

    expect(ran.sort()).toEqual(Array.from({ length: 60 }, (_, index) => `s${index}`).sort());
  });

  it("is woken by the commit that brings work", async () => {
    const ctx = await newTenant(sys);
    let ran = "";

    await working(
      async (job, subject) => {
        if (job === "roll-up") ran = subject;
        return null;
      },
      async () => {
        await ask(ctx, "woken");
        await eventually("it ran", () => ran === "woken");
      },
    );
  });

  it("calls again when the handler said, by the test clock", async () => {
    const ctx = await newTenant(sys);
    let calls = 0;
    await ask(ctx, "later");

    await working(
      async (job, _subject, { now }) => {
        if (job !== "roll-up") return null;
        calls += 1;
        return calls === 1 ? after(now(), hours(5)) : null;
      },
      async () => {
        await eventually(
          "it waits",
          async () => calls === 1 && ((await own(ctx))[0]?.dueAt.getTime() ?? 0) > sys.now().getTime() + hours(4),
        );
        clock.advance(hours(5));
        await eventually("it is done", async () => (await own(ctx)).length === 0);
      },
    );

    expect(calls).toBe(2);
  });

  it("tries again after a failure and keeps a code, never a text from outside", async () => {
    const ctx = await newTenant(sys);
    let calls = 0;
    await ask(ctx, "fails");

    await working(
      async (job) => {
        if (job !== "roll-up") return null;
        calls += 1;
        if (calls === 1) throw new AppError("unavailable", "secret text of a provider");
        return null;
      },
      async () => {
        await eventually("it failed", async () => (await own(ctx))[0]?.lastError === "unavailable");
        clock.advance(seconds(10));
        await eventually("it is done", async () => (await own(ctx)).length === 0);
      },
    );

    expect(calls).toBe(2);
  });

  it("does not lose what was asked for while it ran", async () => {
    const ctx = await newTenant(sys);
    let calls = 0;
    await ask(ctx, "again");

    await working(
      async (job) => {
        if (job !== "roll-up") return null;
        calls += 1;
        if (calls === 1) await ask(ctx, "again");
        return null;
      },
      () => eventually("it ran a second time", async () => calls === 2 && (await own(ctx)).length === 0),
    );
  });

  it("leaves a job that it does not know to a newer worker", async () => {
    const ctx = await newTenant(sys);
    await ask(ctx, "x");
    await sys.db.orm.update(outbox).set({ job: "job-of-tomorrow" }).where(eq(outbox.tenantId, ctx.tenantId));

    await working(
      async () => null,
      () =>
        eventually("it was put back", async () =>
          (await rowsOf(ctx)).some((row) => row.job === "job-of-tomorrow" && row.lastError === "unavailable"),
        ),
    );
  });

  it("ERR-04 stops by finishing what it holds", async () => {
    const ctx = await newTenant(sys);
    let begun = false;
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await ask(ctx, "held");
    const worker = await startWorker(
      sys,
      doing(async (job) => {
        if (job !== "roll-up") return null;
        begun = true;
        await held;
        return null;
      }),
    );
    await eventually("it runs", () => begun);

    const stopped = worker.stop();
    finish();
    await stopped;

    expect(await own(ctx)).toEqual([]);
  });
});

describe("IDEM-07 the queue is only a nudge", () => {
  it("IDEM-07 a wiped queue loses nothing: the lease runs out and the row comes again", async () => {
    const ctx = await newTenant(sys);
    const ran: string[] = [];
    for (let index = 0; index < 20; index += 1) await ask(ctx, `s${index}`);
    const queue = openQueue(sys.config, sys.log);
    await queue.add(await claimDue(sys));
    await queue.close();

    await wipeQueue();
    await working(
      async (job, subject) => {
        if (job === "roll-up") ran.push(subject);
        return null;
      },
      async () => {
        clock.advance(LEASE_MS + seconds(1));
        await eventually("all rows are done", async () => (await own(ctx)).length === 0);
      },
    );

    expect(ran).toHaveLength(20);
  });

  it("IDEM-07 a queue that repeats runs a handler twice and does no harm", async () => {
    const ctx = await newTenant(sys);
    let calls = 0;
    await ask(ctx, "twice");
    const rows = await claimDue(sys);
    const queue = openQueue(sys.config, sys.log);
    await queue.add([...rows, ...rows]);
    await queue.close();

    await working(
      async (job) => {
        if (job === "roll-up") calls += 1;
        return null;
      },
      () => eventually("both ran", () => calls === 2),
    );

    expect(await own(ctx)).toEqual([]);
  });

  it("IDEM-07 the application's role needs no right to create anything in the queue's schema", async () => {
    const [right] = await sys.db.sql`select has_schema_privilege(current_user, 'bullmq', 'create') as may`;
    const [sequence] = await sys.db.sql`select to_regclass('bullmq.' || bullmq.job_id_seq_name(${OUTBOX_QUEUE})) is not null as there`;

    expect([right?.may, sequence?.there]).toEqual([false, true]);
  });

  it("IDEM-07 rows that went missing are written again, and only those", async () => {
    const ctx = await newTenant(sys);
    const { payment } = await createPayment(ctx, { orderNo: "M1", subject: "尾款", amountFen: fen(100n) });
    await createPayment(ctx, { orderNo: "M2", subject: "尾款", amountFen: fen(100n) });
    await recreateMissingJobs(ctx);
    await owner`delete from app.outbox where subject = ${payment.id}`;

    const made = await recreateMissingJobs(ctx);

    expect(made).toEqual([{ job: "expire-payment", subject: payment.id }]);
    expect(await recreateMissingJobs(ctx)).toEqual([]);
  });

  it("IDEM-07 a database that drops every connection stops nothing for long", async () => {
    const ctx = await newTenant(sys);
    const ran: string[] = [];

    await working(
      async (job, subject) => {
        if (job === "roll-up") ran.push(subject);
        return null;
      },
      async () => {
        await ask(ctx, "before");
        await eventually("work is done", () => ran.includes("before"));
        await database.dropConnections();
        await eventually("a row can be written again", () =>
          ask(ctx, "after")
            .then(() => true)
            .catch(() => false),
        );
        await eventually("work is done again", () => ran.includes("after"));
      },
    );
  });

  it("IDEM-08 never leases much more than it can run", async () => {
    const ctx = await newTenant(sys);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (let index = 0; index < 100; index += 1) await ask(ctx, `s${index}`);
    const leased = async () => (await own(ctx)).filter((row) => row.dueAt.getTime() > sys.now().getTime() + minutes(1)).length;

    await working(
      async (job) => {
        if (job === "roll-up") await held;
        return null;
      },
      async () => {
        await eventually("it is as full as it gets", async () => (await leased()) >= 16);
        // Concurrency 4: four run, and at most four times as many wait, however often it looked since.
        for (let look = 0; look < 10; look += 1) expect(await leased()).toBeLessThanOrEqual(4 + 4 * 4 + 4);
        release();
        await eventually("all rows are done", async () => (await own(ctx)).length === 0);
      },
    );
  });
});
