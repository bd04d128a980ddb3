import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LiveEvent } from "~/server/live";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually } from "~tests/support/processes";
import { startRedis, type TestRedis } from "~tests/support/redis";
import { openTestSystem } from "~tests/support/system";

let database: TestDatabase;
let redis: TestRedis;
let sys: System;
let other: System;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  [sys, other] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([sys.close(), other.close()]);
  await Promise.all([database.drop(), redis.stop()]);
});

const open = () => openTestSystem(database.appUrl, { REDIS_URL: redis.url });

/** What a listener of the other process hears. */
function listen(tenantId: string) {
  const heard: LiveEvent[] = [];
  const gaps = { count: 0 };
  const stop = other.live.subscribe(
    tenantId,
    (event) => heard.push(event),
    () => {
      gaps.count += 1;
    },
  );
  return { heard, gaps, stop };
}

const news = (subject: string): LiveEvent => ({ tenantId: "ten_a", type: "payment.settle", subject });
/** Whether news goes from one process to the other now. */
const carries = async (subject: string) => {
  const { heard, stop } = listen("ten_a");
  await eventually("news is carried", () => {
    sys.live.publish([news(subject)]);
    return heard.some((event) => event.subject === subject);
  });
  stop();
};
// A killed or hung Redis of the test before may just have come back.
beforeEach(() => carries("ready"));

it("carries news from process to process, to its tenant alone", async () => {
  const { heard, stop } = listen("ten_a");

  sys.live.publish([{ tenantId: "ten_b", type: "payment.settle", subject: "theirs" }, news("mine")]);
  await eventually("the news arrives", () => heard.some(({ subject }) => subject === "mine"));

  expect(heard.filter(({ subject }) => subject !== "ready")).toEqual([news("mine")]);
  stop();
});

it("comes back after Redis was killed, and says that something may have been missed", async () => {
  for (let round = 1; round <= 3; round += 1) {
    const { gaps, stop } = listen("ten_a");

    await redis.kill();
    await redis.start();
    await eventually("a gap is told", () => gaps.count > 0);

    await carries(`after ${round}`);
    stop();
  }
});

it("tells listeners again and again to fetch everything, while Redis is away", async () => {
  const { gaps, stop } = listen("ten_a");

  await redis.kill();
  await eventually("two gaps are told", () => gaps.count >= 2);

  stop();
  await redis.start();
});

it("gives up a line on which nobody answers, and finds the next one", async () => {
  const { gaps, stop } = listen("ten_a");

  redis.hang();
  await eventually("a gap is told", () => gaps.count > 0);
  redis.resume();

  await carries("after hanging");
  stop();
});

it("tells of a gap for news that could not be sent, though everybody heard all the time", async () => {
  const { heard, gaps, stop } = listen("ten_a");

  await redis.ask((asked) => asked.acl("LOG", "RESET"));
  await redis.ask((asked) => asked.acl("SETUSER", "default", "-publish"));
  sys.live.publish([news("lost")]);
  await eventually("Redis refuses it", async () => ((await redis.ask((asked) => asked.acl("LOG"))) as unknown[]).length > 0);
  await redis.ask((asked) => asked.acl("SETUSER", "default", "+publish"));
  await eventually("a gap is told", () => gaps.count > 0);

  expect(heard.some(({ subject }) => subject === "lost")).toBe(false);
  stop();
});

describe("where nobody answers", () => {
  const SOON_MS = 30_000;
  const closingTime = async (system: System) => {
    const startedAt = performance.now();
    await system.close();
    return performance.now() - startedAt;
  };

  it("a process starts, hears when Redis comes, and closes soon", async () => {
    await redis.kill();
    const early = await open();
    const gone = await open();
    let gaps = 0;
    early.live.subscribe(
      "ten_a",
      () => {},
      () => {
        gaps += 1;
      },
    );

    expect(await closingTime(gone)).toBeLessThan(SOON_MS);
    await redis.start();
    await eventually("it hears", () => gaps > 0);
    expect(await closingTime(early)).toBeLessThan(SOON_MS);
  });

  it("a process closes soon although it has something to say", async () => {
    const speaking = await open();

    redis.hang();
    speaking.live.publish([news("never heard")]);

    expect(await closingTime(speaking)).toBeLessThan(SOON_MS);
    redis.resume();
  });
});
