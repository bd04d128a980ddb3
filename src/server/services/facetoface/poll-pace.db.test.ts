import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ASK_AGAIN_MS, ASK_EVERY_MS } from "~/domain/facetoface";
import { FairGate } from "~/lib/fair-gate";
import { hours, after as later, minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, channelKey, facetofaceOrder, outbox } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { closeTransport } from "~/server/providers/transport";
import { forgetChannel } from "~/server/services/channel";
import { recreateMissingJobs } from "~/server/services/invariant";
import { submittedOrder } from "~tests/support/facetoface";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { pollFacetoface } from ".";
import { claimDueOrders, LEASE_MS, noteAnswers } from "./due-orders";
import { moveOrder } from "./move";

const QUERY = "alipay.open.agent.order.query";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(async () => {
  await till?.close();
  await closeTransport();
});

const paced = (total: number, perKey: number, runMs = seconds(600)) => ({ gate: new FairGate({ total, perKey }), runMs });
const poll = (ctx: Ctx, pace = paced(8, 8)) => pollFacetoface(ctx, ctx.tenantId, pace);

/** A tenant of one's own, and applications of one channel in Alipay's review, due now. */
async function newDesk(howMany: number) {
  const ctx = await newTenant(till.sys);
  return { ctx, ...(await moreOf(ctx, howMany)) };
}
async function moreOf(ctx: Ctx, howMany: number) {
  const channelId = await till.channel(ctx, "alipay");
  const orders = await Promise.all(Array.from({ length: howMany }, () => submittedOrder(ctx, { channelId })));
  return { channelId, orders };
}
const allOf = (ctx: Ctx) => ctx.read((tx) => tx.select().from(facetofaceOrder).where(eq(facetofaceOrder.tenantId, ctx.tenantId)));
const makeDue = (ctx: Ctx) => ctx.transaction((tx) => tx.update(facetofaceOrder).set({ nextQueryAt: ctx.now() }));
const tally = (values: readonly unknown[]) =>
  Object.fromEntries(values.map((value) => [String(value), values.filter((other) => other === value).length]));

/** What reaches Alipay while `work` runs: the batches that were asked about, in order. */
async function questionsOf(work: () => Promise<unknown>): Promise<(string | null)[]> {
  const { last } = await till.journal();
  await work();
  const { entries } = await till.journal(last);
  return entries.filter(({ kind, what }) => kind === "request" && what === QUERY).map(({ outTradeNo }) => outTradeNo);
}

it("asks about each application once, however many workers poll", async () => {
  const { ctx, orders } = await newDesk(16);
  const together = () => Promise.all([poll(ctx), poll(ctx), poll(ctx)]);

  const changed = await questionsOf(together);
  await makeDue(ctx);
  const unchanged = await questionsOf(together);

  const each = tally(orders.map(({ batchNo }) => batchNo));
  expect(tally(changed)).toEqual(each);
  expect(tally(unchanged)).toEqual(each);
  expect(tally((await allOf(ctx)).map(({ status, queryCount }) => `${status} ${queryCount}`))).toEqual({ "merchant_auditing 2": 16 });
});

it("lets an app with many slow applications hold up no other", async () => {
  const { ctx, channelId, orders: many } = await newDesk(16);
  const { orders: few } = await moreOf(ctx, 3);
  const [slow] = await ctx.read((tx) => tx.select({ appId: channel.appId }).from(channel).where(eq(channel.id, channelId)));
  await till.faults({ [`alipay:${slow?.appId}.${QUERY}`]: { kind: "slow", delayMs: 250 } });

  const asked = await questionsOf(() => poll(ctx, paced(2, 1))).finally(() => till.faults({}));

  // One after the other, the slow ones take four seconds.
  const lastOfFew = Math.max(...few.map(({ batchNo }) => asked.indexOf(batchNo)));
  expect(asked).toHaveLength(many.length + few.length);
  expect(lastOfFew).toBeLessThan(asked.length - 4);
});

it("loses nothing in a day of refusals, and then asks about each once, without a storm", async () => {
  const { ctx, orders } = await newDesk(12);
  await till.faults({ [QUERY]: { kind: "error500" } });
  const sent: number[] = [];
  for (let hour = 0; hour < 24; hour += 2) {
    const asked = await questionsOf(async () => {
      const nextAt = await poll(ctx, paced(4, 4));
      expect(nextAt?.getTime()).toBeLessThanOrEqual(later(ctx.now(), minutes(30)).getTime());
    });
    sent.push(asked.length);
    till.advance(hours(2));
    // The circuit's pause is of the machine's time.
    await closeTransport();
  }
  expect(tally((await allOf(ctx)).map(({ status }) => status))).toEqual({ submitted: 12 });
  await till.faults({});
  till.advance(ASK_AGAIN_MS * 1.5);

  const asked = await questionsOf(() => poll(ctx));

  expect(tally(asked)).toEqual(tally(orders.map(({ batchNo }) => batchNo)));
  expect(tally((await allOf(ctx)).map(({ status }) => status))).toEqual({ merchant_auditing: 12 });
  // Five failures open the circuit: of 24 requests that twelve questions could make, a few are made.
  expect(Math.min(...sent)).toBeGreaterThan(0);
  expect(Math.max(...sent)).toBeLessThan(20);
});

it("leaves a channel without its keys alone, and asks about the others", async () => {
  const { ctx, channelId, orders: stuck } = await newDesk(3);
  const { orders: fine } = await moreOf(ctx, 3);
  await ctx.transaction((tx) =>
    tx
      .update(channelKey)
      .set({ retiredAt: ctx.now() })
      .where(and(eq(channelKey.channelId, channelId), eq(channelKey.kind, "private_key"))),
  );
  forgetChannel(ctx.sys, channelId);

  const asked = await questionsOf(() => poll(ctx));

  expect(tally(asked)).toEqual(tally(fine.map(({ batchNo }) => batchNo)));
  const left = (await allOf(ctx)).filter(({ id }) => stuck.some((order) => order.id === id));
  expect(left.map(({ status, queryCount }) => [status, queryCount])).toEqual([0, 0, 0].map((none) => ["submitted", none]));
  for (const { nextQueryAt } of left) expect(nextQueryAt?.getTime()).toBeGreaterThan(later(ctx.now(), minutes(5)).getTime());
});

it("stops when its time is up, gives back what it had claimed, and asks to be called again at once", async () => {
  const { ctx } = await newDesk(5);

  const asked = await questionsOf(async () => {
    const nextAt = await poll(ctx, paced(8, 8, 0));
    expect(nextAt?.getTime()).toBeLessThanOrEqual(ctx.now().getTime());
  });

  expect(asked).toEqual([]);
  for (const { nextQueryAt, queryCount } of await allOf(ctx)) {
    expect(nextQueryAt?.getTime()).toBeLessThanOrEqual(ctx.now().getTime());
    expect(queryCount).toBe(0);
  }
  expect(await questionsOf(() => poll(ctx))).toHaveLength(5);
});

it("asks again about what a worker had claimed that died", async () => {
  const { ctx, channelId } = await newDesk(2);
  const claimed = await claimDueOrders(ctx, channelId, 10);

  const meanwhile = await questionsOf(async () => {
    const nextAt = await poll(ctx);
    expect(nextAt).toEqual(claimed[0]?.leasedUntil);
  });
  till.advance(LEASE_MS);
  const afterwards = await questionsOf(() => poll(ctx));

  expect(claimed).toHaveLength(2);
  expect([meanwhile.length, afterwards.length]).toEqual([0, 2]);
});

it("keeps what somebody wrote while Alipay was asked", async () => {
  const { ctx, channelId, orders } = await newDesk(2);
  const [first, second] = await claimDueOrders(ctx, channelId, 10);
  if (!first || !second) throw new Error("both are due");
  const withdrawn = await ctx.transaction((tx) => moveOrder(tx, ctx, first.id, "close", { closeReason: "withdrawn" }));
  const nextQueryAt = later(ctx.now(), ASK_EVERY_MS);

  await noteAnswers(
    ctx,
    [first, second].map(({ id, leasedUntil }) => ({ id, leasedUntil, nextQueryAt, askedAt: ctx.now() })),
  );

  const rows = new Map((await allOf(ctx)).map((row) => [row.id, row]));
  expect(rows.get(first.id)).toEqual(withdrawn);
  expect(rows.get(second.id)).toMatchObject({ status: "submitted", queryCount: 1, nextQueryAt });
  expect(rows.size).toBe(orders.length);
});

it("is called again by the worker while anything is open, and no more when nothing is", async () => {
  const { ctx, orders } = await newDesk(1);
  const [order] = orders;
  if (!order) throw new Error("there is one");
  const rowsOf = () =>
    ctx.sys.db.orm
      .select({ dueAt: outbox.dueAt })
      .from(outbox)
      .where(and(eq(outbox.tenantId, ctx.tenantId), eq(outbox.job, "poll-facetoface")));
  await ctx.transaction((tx) => enqueue(tx, ctx, "poll-facetoface", ctx.tenantId));
  const began = ctx.now();

  await till.work();
  const [again] = await rowsOf();
  await till.review("reject", order.batchNo);
  till.advance(ASK_EVERY_MS);
  await till.work();

  expect(again?.dueAt.getTime()).toBeGreaterThanOrEqual(later(began, minutes(30)).getTime());
  expect(again?.dueAt.getTime()).toBeLessThanOrEqual(later(ctx.now(), minutes(30)).getTime());
  expect(await allOf(ctx)).toMatchObject([{ status: "closed", queryCount: 2 }]);
  expect(await rowsOf()).toEqual([]);
});

it("is written again for applications that lost it", async () => {
  const { ctx } = await newDesk(1);

  const made = await recreateMissingJobs(ctx);

  expect(made.filter(({ job }) => job === "poll-facetoface")).toEqual([{ job: "poll-facetoface", subject: ctx.tenantId }]);
  expect((await recreateMissingJobs(ctx)).map(({ job }) => job)).not.toContain("poll-facetoface");
  expect(await recreateMissingJobs(await newTenant(till.sys))).toEqual([]);
});
