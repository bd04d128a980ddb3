import { writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPlatform, type TestPlatform } from "~tests/support/platform";
import { eventually } from "~tests/support/processes";

/** The whole platform as `npm start` runs it, while its parts are killed under load. */

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ WEB_CONCURRENCY: "1" });
});
afterAll(() => platform.stop());

type Created = { orderNo: string; paymentId: string; outTradeNo: string };

async function createOrders(count: number): Promise<Created[]> {
  const { tenantId } = (await platform.cli("seed", "demo")) as { tenantId: string };
  const sql = postgres(platform.database.reader, { max: 1, onnotice: () => {} });
  const [channel] = await sql<{ id: string }[]>`select id from app.channel where tenant_id = ${tenantId} and provider = 'wechat'`;
  await sql.end();
  const file = path.join(platform.dataDir, "orders.ndjson");
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ orderNo: `WD${index}`, subject: "最坏的一天", amountFen: 1_000 + index * 100 }),
  );
  writeFileSync(file, lines.join("\n"));
  const { stdout, stderr, code } = await platform.runCli(
    "payment",
    "create",
    "--tenant",
    tenantId,
    "--channel",
    channel?.id ?? "",
    "--method",
    "native",
    "--file",
    file,
  );
  if (code !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Created);
}

const pay = (outTradeNo: string) =>
  fetch(`${platform.simulatorUrl}/control/pay`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ outTradeNo }),
  });

it("IDEM-07 killing worker, web and database while money arrives loses nothing and doubles nothing", async () => {
  const orders = await createOrders(24);

  const paying = (async () => {
    for (const { outTradeNo } of orders) {
      expect((await pay(outTradeNo)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  })();
  await platform.kill("worker");
  await platform.crashDatabase();
  await platform.kill("web");
  await paying;
  // Redeliveries and queries that are due within the next minutes happen now.
  await platform.cli("clock", "advance", "5m");

  const sql = postgres(platform.database.reader, { max: 1, onnotice: () => {} });
  const numbers = orders.map(({ orderNo }) => orderNo);
  await eventually(
    "every order is paid",
    async () => {
      const [row] = await sql<
        { paid: number }[]
      >`select count(*)::int as paid from app.payment where order_no = any(${numbers}) and status = 'paid'`;
      return row?.paid === orders.length;
    },
    90_000,
  );
  const [booked] = await sql<{ entries: number; cases: number }[]>`
    select (select count(*)::int from app.entry e join app.payment p using (tenant_id) where p.id = e.payment_id and p.order_no = any(${numbers}) and e.account = 'orders') as entries,
           (select count(*)::int from app.exception_case c join app.payment p using (tenant_id) where p.id = c.payment_id and p.order_no = any(${numbers})) as cases`;
  await sql.end();
  expect(booked).toEqual({ entries: orders.length, cases: 0 });

  await eventually("every invariant holds", async () => (await platform.runCli("invariants")).code === 0, 60_000);
});
