import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FileClock } from "~/lib/clock-file";
import { seconds } from "~/lib/time";
import { event, outbox } from "~/server/db/schema";
import { LEASE_MS } from "~/server/outbox/claim";
import { emit, verifyChain } from "~/server/services/event";
import { checkTenant } from "~/server/services/invariant";
import type { System } from "~/server/system";
import { type Built, buildProgram } from "~tests/support/built";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually, startNode } from "~tests/support/processes";
import { newTenant, openTestSystem } from "~tests/support/system";
import { startWorker } from "~worker/worker";

const STEPS = ["claimed", "handed over", "running", "in a transaction", "committed"];

let victim: Built;
beforeAll(async () => {
  victim = await buildProgram("tests/crash/victim.ts");
});
afterAll(() => victim.remove());

let database: TestDatabase;
let sys: System;
afterEach(async () => {
  await sys.close();
  await database.drop();
});

describe("IDEM-07 a worker killed at any step", () => {
  it.each(STEPS)(
    "IDEM-07 killed when %s: the next one does the work, once",
    async (step) => {
      database = await createTestDatabase();
      sys = await openTestSystem(database.appUrl, { TEST_CLOCK: "1" });
      const ctx = await newTenant(sys);
      const clock = new FileClock(sys.config.dataDir);
      await ctx.transaction((tx) =>
        emit(tx, ctx, { type: "payment.create", subject: "pay_1" }, { type: "payment.create", subject: "pay_2" }),
      );
      clock.advance(seconds(3));

      const program = startNode([victim.file, step], { env: { ...process.env, ...environmentOf(sys) } });
      expect(await program.ended, program.output()).toBe("SIGKILL");
      clock.advance(LEASE_MS + seconds(1));
      const worker = await startWorker(sys);
      await eventually("the work is done", async () => {
        const left = await sys.db.orm.select().from(outbox).where(eq(outbox.job, "seal-events"));
        return left.length === 0;
      });
      await worker.stop();

      expect(await verifyChain(ctx)).toMatchObject({ ok: true, length: 2, pending: 0 });
      const written = await ctx.read((tx) => tx.select({ subject: event.subject }).from(event));
      expect(written.map(({ subject }) => subject).sort()).toEqual(["pay_1", "pay_2"]);
      expect((await checkTenant(ctx)).filter(({ broken }) => broken > 0)).toEqual([]);
    },
    120_000,
  );
});

function environmentOf({ config }: System): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATABASE_URL: config.databaseUrl,
    DATA_DIR: config.dataDir,
    MASTER_KEYS: config.masterKeys.reveal(),
    NEXTAUTH_SECRET: config.authSecret.reveal(),
    TEST_CLOCK: "1",
    LOG_LEVEL: "silent",
  };
}
