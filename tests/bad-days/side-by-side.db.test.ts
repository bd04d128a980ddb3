import { afterAll, beforeAll, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { createPayment, finishPayment } from "~/server/services/payment";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { newTenant, openTestSystem } from "~tests/support/system";

let database: TestDatabase;
let sys: System;
beforeAll(async () => {
  database = await createTestDatabase();
  sys = await openTestSystem(database.appUrl);
});
afterAll(async () => {
  await sys.close();
  await database.drop();
});

it("a tenant's transactions that ask for the same follow-up in different orders never wait in a circle", async () => {
  const ctx = await newTenant(sys);
  const { payment } = await createPayment(ctx, { orderNo: "FIRST", subject: "x", amountFen: fen(100n) });

  const work = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0 ? createPayment(ctx, { orderNo: `SO${index}`, subject: "x", amountFen: fen(100n) }) : finishPayment(ctx, payment.id),
  );

  const results = await Promise.allSettled(work);
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
});
