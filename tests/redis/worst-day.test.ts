import { writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPlatform, type TestPlatform } from "~tests/support/platform";
import { eventually } from "~tests/support/processes";
import { startRedis, type TestRedis } from "~tests/support/redis";

/** The whole platform as `npm start` runs it with REDIS_URL, while Redis is wiped, killed and away under load. */

let redis: TestRedis;
let platform: TestPlatform;
let sql: postgres.Sql;
beforeAll(async () => {
  redis = await startRedis();
  platform = await startPlatform({ REDIS_URL: redis.url });
  sql = postgres(platform.database.reader, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql?.end();
  await platform?.stop();
  await redis?.stop();
});

type Created = { orderNo: string; paymentId: string; outTradeNo: string };

async function createOrders(prefix: string, count: number): Promise<Created[]> {
  const { tenantId } = (await platform.cli("seed", "demo")) as { tenantId: string };
  const [channel] = await sql<{ id: string }[]>`select id from app.channel where tenant_id = ${tenantId} and provider = 'wechat'`;
  const file = path.join(platform.dataDir, `${prefix}.ndjson`);
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ orderNo: `${prefix}${index}`, subject: "最坏的一天", amountFen: 1_000 + index * 100 }),
  );
  writeFileSync(file, lines.join("\n"));
  const where = ["--tenant", tenantId, "--channel", channel?.id ?? "", "--method", "native", "--file", file];
  const { stdout, stderr, code } = await platform.runCli("payment", "create", ...where);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Created);
}

async function pay(orders: readonly Created[]): Promise<void> {
  for (const { outTradeNo } of orders) {
    const answer = await fetch(`${platform.simulatorUrl}/control/pay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ outTradeNo }),
    });
    expect(answer.status).toBe(200);
  }
}

const numbersOf = (orders: readonly Created[]) => orders.map(({ orderNo }) => orderNo);

async function paid(orders: readonly Created[]): Promise<number> {
  const [row] = await sql<{ paid: number }[]>`
    select count(*)::int as paid from app.payment where order_no = any(${numbersOf(orders)}) and status = 'paid'`;
  return row?.paid ?? 0;
}

const allPaid = (orders: readonly Created[]) =>
  eventually("every order is paid", async () => (await paid(orders)) === orders.length, 120_000);

/** Each order booked once, and nothing for a person to look at. */
async function expectBookedOnce(orders: readonly Created[]): Promise<void> {
  const numbers = numbersOf(orders);
  const [booked] = await sql<{ entries: number; cases: number }[]>`
    select (select count(*)::int from app.entry e join app.payment p using (tenant_id) where p.id = e.payment_id and p.order_no = any(${numbers}) and e.account = 'orders') as entries,
           (select count(*)::int from app.exception_case c join app.payment p using (tenant_id) where p.id = c.payment_id and p.order_no = any(${numbers})) as cases`;
  expect(booked).toEqual({ entries: orders.length, cases: 0 });
}

async function expectInvariants(): Promise<void> {
  const last = { output: "" };
  const hold = async () => {
    const { code, stdout, stderr } = await platform.runCli("invariants");
    last.output = `${stdout}${stderr}`;
    return code === 0;
  };
  await eventually("every invariant holds", hold, 120_000).catch((error: Error) => {
    throw new Error(`${error.message}\n${last.output}`);
  });
}

const ready = async () => {
  const answer = await fetch(`${platform.appUrl}/api/health/ready`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return { status: answer.status, checks };
};

it("IDEM-07 wiping and killing Redis while money arrives loses nothing and doubles nothing", async () => {
  const orders = await createOrders("WR", 24);

  const paying = pay(orders);
  await redis.wipe();
  await redis.kill();
  await redis.start();
  await redis.wipe();
  await paying;
  // What was handed over and lost comes again when its lease is over; redeliveries and queries that are due by then happen too.
  await platform.cli("clock", "advance", "5m");

  await allPaid(orders);
  await expectBookedOnce(orders);
  await expectInvariants();
});

it("IDEM-07 without Redis callbacks are answered, stored and booked, readiness says what is missing, and the rest is made up later", async () => {
  const orders = await createOrders("AW", 8);
  await redis.kill();

  const unready = await eventually("readiness says so", async () => {
    const answer = await ready();
    return answer.status === 503 ? answer : null;
  });
  expect(unready.checks).toEqual({ database: "ok", queue: "failed", schema: "ok", clock: "ok" });
  await pay(orders);
  // No job runs now: what settles these payments are the callbacks alone.
  await allPaid(orders);
  const [stored] = await sql<{ messages: number }[]>`
    select count(distinct n.out_trade_no)::int as messages from app.notification n
     where n.out_trade_no = any(${orders.map(({ outTradeNo }) => outTradeNo)})`;
  expect(stored?.messages).toBe(orders.length);

  // A process that has to start now does so too, and takes callbacks.
  const more = await createOrders("AX", 4);
  const before = platform.pidOf("web");
  if (!before) throw new Error("web does not run");
  process.kill(before, "SIGKILL");
  await eventually(
    "another web process is alive",
    async () => {
      const alive = await fetch(`${platform.appUrl}/api/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
      return alive && platform.pidOf("web") !== before;
    },
    180_000,
  );
  await pay(more);
  await allPaid(more);

  await redis.start();
  await eventually("readiness is back", async () => (await ready()).status === 200);
  await platform.cli("clock", "advance", "5m");
  await expectBookedOnce([...orders, ...more]);
  const subjects = [...orders, ...more].flatMap(({ paymentId, outTradeNo }) => [paymentId, outTradeNo]);
  const due = async () => {
    const [row] = await sql<{ due: number }[]>`
      select count(*)::int as due from app.outbox where subject = any(${subjects}) and job in ('finish-payment', 'query-transaction')`;
    return row?.due ?? 0;
  };
  await eventually("the follow-up work is done", async () => (await due()) === 0, 120_000);
  await expectInvariants();
});
