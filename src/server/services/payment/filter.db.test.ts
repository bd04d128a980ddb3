import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { ListPayments, type ListPaymentsInput } from "~/domain/payment-input";
import { METHODS } from "~/domain/provider";
import { type Id, newId } from "~/lib/id";
import { after, minutes } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { written } from "~/server/db/ask";
import { channel, exceptionCase, payment, paymentTransaction } from "~/server/db/schema";
import { rowsReadBy } from "~tests/support/rows-read";
import { abandon, at, closeMany, newShop, order, settle } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { countPayments, exportPayments, listPayments, prepareAttempt, sumPayments } from ".";
import { filterOf } from "./filter";
import { moveTransaction } from "./move";

/** Every filter against the same rows read whole and narrowed by plain conditions. */

const { database, sys } = await systemForFile();
let ctx: Ctx;
let rows: Row[];

beforeAll(async () => {
  ctx = await newShop(sys);
  await sell(ctx);
  rows = await readAll(ctx);
});

const SUBJECTS = ["视觉检测模组 QV-3", "视觉", "备件 50% 折扣", "A-100 cable"];
const COUNT = 72;

/** Orders in every state, by every method, through channels of two environments; some share their moment or their amount. */
async function sell(shop: Ctx): Promise<void> {
  const live = await addLiveChannels(shop);
  for (let n = 0; n < COUNT; n += 1) {
    // Each moment twice, around two midnights in Beijing.
    const moment = after(at(shop, "2026-11-16 22:00:00").now(), minutes(Math.floor(n / 2) * 45));
    const then = inTenant({ ...sys, now: () => moment }, shop.tenantId, shop.actor);
    const orderNo = `${n % 3 === 0 ? "A-" : "SO"}${n}`;
    const made = await order(then, { amountFen: BigInt(1_000 + (n % 9) * 1_000), orderNo, subject: SUBJECTS[n % 4] });
    const method = METHODS[n % 6] ?? "alipay_qr";
    const channelId = n % 5 === 0 ? live[n % 6 < 3 ? "alipay" : "wechat"] : undefined;
    const attempt = () => prepareAttempt(then, { paymentId: made.id, method, channelId });
    const later = inTenant({ ...sys, now: () => after(moment, minutes(1)) }, shop.tenantId, shop.actor);
    if (n % 7 === 0) continue;
    if (n % 7 === 1) await abandon(then, made.id);
    if (n % 7 === 2) {
      await prepareAttempt(then, { paymentId: made.id, method });
      await prepareAttempt(later, { paymentId: made.id, method: "wechat_native", channelId: n % 2 ? live.wechat : undefined });
      // The one before the latest pays, where they differ.
      await settle(later, made.id, method);
    }
    if (n % 7 === 3) await settle(then, made.id, method);
    if (n % 7 === 4) await settle(then, made.id, method, 999n);
    if (n % 7 === 5) {
      const { attempt: silent } = await attempt();
      await then.transaction((tx) => moveTransaction(tx, then, silent.id, "doubt", { failureCode: "timeout" }));
    }
    if (n % 7 === 6) await attempt();
  }
}

async function addLiveChannels(shop: Ctx): Promise<Record<"alipay" | "wechat", Id<"channel">>> {
  return shop.transaction(async (tx) => {
    const ids = { alipay: newId("channel"), wechat: newId("channel") };
    for (const one of await tx.select().from(channel).where(eq(channel.tenantId, shop.tenantId))) {
      await tx.insert(channel).values({ ...one, id: ids[one.provider], environment: "live", isDefault: false });
    }
    return ids;
  });
}

type Row = Awaited<ReturnType<typeof readAll>>[number];

async function readAll(shop: Ctx) {
  return shop.read(async (tx) => {
    const [payments, attempts, cases, channels] = [
      await tx.select().from(payment).where(eq(payment.tenantId, shop.tenantId)),
      await tx.select().from(paymentTransaction).where(eq(paymentTransaction.tenantId, shop.tenantId)),
      await tx.select().from(exceptionCase).where(eq(exceptionCase.tenantId, shop.tenantId)),
      await tx.select().from(channel).where(eq(channel.tenantId, shop.tenantId)),
    ];
    const environments = new Map(channels.map(({ id, environment }) => [id, environment]));
    return payments.map((one) => {
      const own = attempts
        .filter(({ paymentId }) => paymentId === one.id)
        .map((attempt) => ({ ...attempt, environment: environments.get(attempt.channelId) }))
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
      return {
        ...one,
        own,
        shown: own.find(({ id }) => id === one.paidTransactionId) ?? own.at(-1),
        cases: cases.filter(({ paymentId, status }) => paymentId === one.id && status === "open"),
      };
    });
  });
}

/** The filter in plain words. */
function fits(row: Row, input: ListPaymentsInput): boolean {
  const { q, status, provider, method, environment, from, to, minFen, maxFen } = input;
  const unanswered = row.own.some((one) => one.status === "unknown");
  const day = new Date(row.createdAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  const numbers = row.own.flatMap(({ id, outTradeNo, providerTradeNo }) => [id, outTradeNo, providerTradeNo]);
  return (
    (!status || (status === "unknown" ? unanswered || row.cases.length > 0 : row.status === status)) &&
    (!from || day >= from) &&
    (!to || day <= to) &&
    (!minFen || row.amountFen >= minFen) &&
    (!maxFen || row.amountFen <= maxFen) &&
    (!q || row.id === q || row.subject.startsWith(q) || row.orderNo.startsWith(q) || numbers.some((one) => one === q)) &&
    (!provider || row.shown?.provider === provider) &&
    (!method || row.shown?.method === method) &&
    (!environment || row.shown?.environment === environment)
  );
}

function expected(input: ListPaymentsInput): Row[] {
  const key = ({ amountFen, createdAt }: Row) => (input.sort === "amount" ? Number(amountFen) : createdAt.getTime());
  return rows.filter((row) => fits(row, input)).sort((a, b) => key(b) - key(a) || (a.id < b.id ? 1 : -1));
}

const idsOf = (some: { id: string }[]): string[] => some.map(({ id }) => id);

/** Every page of it, by its cursors. */
async function walk(input: ListPaymentsInput) {
  const items: Awaited<ReturnType<typeof listPayments>>["items"] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listPayments(ctx, { ...input, cursor });
    items.push(...page.items);
    if (!page.nextCursor) return items;
    expect(page.items).toHaveLength(input.limit);
    cursor = page.nextCursor;
  }
}

type Filter = Record<string, unknown>;
const STATUSES: Filter[] = [{}, ...["pending", "paid", "closed", "unknown", "refunded"].map((status) => ({ status }))];
const ATTEMPTS: Filter[] = [
  {},
  { provider: "wechat" },
  { method: "alipay_wap" },
  { environment: "live" },
  { environment: "sandbox" },
  { provider: "alipay", environment: "simulator" },
  { provider: "alipay", method: "wechat_native" },
  { method: "wechat_native", environment: "live" },
];
const OTHERS: Filter[] = [
  {},
  { from: "2026-11-17", to: "2026-11-17" },
  { from: "2026-11-17", minFen: 2_000n, maxFen: 5_000n },
  { maxFen: 3_000n, sort: "amount" },
  { q: "视觉" },
  { q: "A-", to: "2026-11-17" },
  { q: "%" },
];
const filters = STATUSES.flatMap((status) => ATTEMPTS.flatMap((attempt) => OTHERS.map((other) => ({ ...status, ...attempt, ...other }))));

it("the sample holds what the filters ask for", () => {
  const held = STATUSES.slice(0, 5).map((status) => rows.filter((row) => fits(row, ListPayments.parse(status))).length);

  expect(rows).toHaveLength(COUNT);
  expect(Math.min(...held)).toBeGreaterThan(8);
  expect(new Set(rows.map(({ shown }) => shown?.environment))).toEqual(new Set(["live", "simulator", undefined]));
  expect(rows.some(({ own, shown }) => shown !== own.at(-1) && shown?.method !== own.at(-1)?.method)).toBe(true);
  expect(rows.some(({ own, shown }) => shown !== own.at(-1) && shown?.environment !== own.at(-1)?.environment)).toBe(true);
});

it("every filter lists its payments, and its pages neither lose nor repeat one", async () => {
  for (const filter of filters) {
    const input = ListPayments.parse({ ...filter, limit: 7 });

    expect({ filter, ids: idsOf(await walk(input)) }).toEqual({ filter, ids: idsOf(expected(input)) });
  }
});

it("counts, sums and files mean the same payments as the list", async () => {
  for (const filter of filters) {
    const input = ListPayments.parse(filter);
    const found = expected(input);
    const inStatus = (status?: ListPaymentsInput["status"]) => expected({ ...input, status }).length;
    const exported: string[] = [];
    for await (const page of exportPayments(ctx, input)) exported.push(...idsOf(page));

    const { counts } = await countPayments(ctx, input);
    const sum = await sumPayments(ctx, input);

    expect({ filter, counts }).toMatchObject({
      filter,
      counts: {
        all: inStatus(),
        pending: inStatus("pending"),
        paid: inStatus("paid"),
        closed: inStatus("closed"),
        unknown: inStatus("unknown"),
      },
    });
    expect(sum).toEqual({ count: found.length, totalFen: found.reduce((total, { amountFen }) => total + amountFen, 0n) });
    expect(exported).toEqual(idsOf(found));
  }
});

it("finds a payment by each number of it and of its attempts, ours or the provider's", async () => {
  for (const row of rows.slice(0, 30)) {
    const numbers = [row.id, row.orderNo, ...row.own.flatMap(({ id, outTradeNo, providerTradeNo }) => [id, outTradeNo, providerTradeNo])];
    for (const q of numbers.filter((one) => one !== null)) {
      const input = ListPayments.parse({ q });
      expect(idsOf((await listPayments(ctx, input)).items)).toEqual(idsOf(expected(input)));
    }
  }
});

it("says of each payment what its own rows say, money as money and times as times", async () => {
  const items = await walk(ListPayments.parse({ limit: 100 }));

  expect(items).toEqual(
    expected(ListPayments.parse({})).map((row) => {
      const { own, shown } = row;
      const { id, orderNo, subject, amountFen, refundedFen, status, closeReason, createdAt, paidAt, expiresAt } = row;
      return {
        ...{ id, orderNo, subject, amountFen, refundedFen, status, closeReason, createdAt, paidAt, expiresAt },
        openCases: row.cases.map(({ kind }) => kind),
        attempts: own.length,
        method: shown?.method ?? null,
        inDoubt: own.some((one) => one.status === "unknown"),
      };
    }),
  );
});

it.each([
  { environment: "live" },
  { method: "wechat_h5" },
  { provider: "wechat", environment: "sandbox" },
  { environment: "live", status: "closed" },
])("counts what no payment shows without reading what they do: %j", async (filter) => {
  const shop = await newShop(sys);
  await closeMany(shop, database, 3_000);
  const { text, values } = written(sql`select count(*) from ${payment} where ${filterOf(shop, ListPayments.parse(filter))}`);

  const rowsRead = await shop.read(async (tx) => {
    const before = await rowsReadBy(tx);
    await tx.execute(sql`select app.ask(${shop.tenantId}, ${text}, ${sql.param(values)}::text[])`);
    return (await rowsReadBy(tx)) - before;
  });

  expect(rowsRead).toBeLessThan(100);
});

it("TEN-07 shows a neighbour none of them, whatever they ask by", async () => {
  const neighbour = await newShop(sys);
  const mine = rows.find(({ own }) => own.length > 0);
  const asked = [
    {},
    { q: mine?.id },
    { q: mine?.own[0]?.outTradeNo },
    { status: "unknown" },
    { environment: "simulator" },
    { sort: "amount" },
  ];

  for (const filter of asked) {
    const input = ListPayments.parse(filter);
    expect((await listPayments(neighbour, input)).items).toEqual([]);
    expect((await countPayments(neighbour, input)).counts.all).toBe(0);
    expect(await sumPayments(neighbour, input)).toEqual({ count: 0, totalFen: 0n });
  }
});
