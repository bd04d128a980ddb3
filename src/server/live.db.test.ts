import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually } from "~tests/support/processes";
import { openTestSystem } from "~tests/support/system";
import type { LiveEvent } from "./live";
import type { System } from "./system";

let database: TestDatabase;
let sys: System;
let other: System;
beforeAll(async () => {
  database = await createTestDatabase();
  [sys, other] = [await openTestSystem(database.appUrl), await openTestSystem(database.appUrl)];
});
afterAll(async () => {
  await Promise.all([sys.close(), other.close()]);
  await database.drop();
});

it("carries news from process to process, to its tenant alone", async () => {
  const heard: LiveEvent[] = [];
  const stop = other.live.subscribe(
    "ten_a",
    (event) => heard.push(event),
    () => {},
  );

  sys.live.publish([
    { tenantId: "ten_b", type: "payment.settle", subject: "theirs" },
    { tenantId: "ten_a", type: "payment.settle", subject: "mine" },
  ]);
  await eventually("the news arrives", () => heard.length > 0);

  expect(heard).toEqual([{ tenantId: "ten_a", type: "payment.settle", subject: "mine" }]);
  stop();
});

it("comes back after the database dropped its connections, and says that something may have been missed", async () => {
  const heard: string[] = [];
  let gaps = 0;
  other.live.subscribe(
    "ten_a",
    ({ subject }) => heard.push(subject),
    () => {
      gaps += 1;
    },
  );

  for (let round = 1; round <= 3; round += 1) {
    await database.dropConnections();
    await eventually("a gap is told", () => gaps >= round);
    await eventually("news is carried again", () => {
      sys.live.publish([{ tenantId: "ten_a", type: "payment.settle", subject: `after ${round}` }]);
      return heard.includes(`after ${round}`);
    });
  }
});
