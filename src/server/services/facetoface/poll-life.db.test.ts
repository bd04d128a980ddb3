import { and, asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASK_AGAIN_MS, ASK_EVERY_MS, attentionOf, CONFIRM_LIVES_MS } from "~/domain/facetoface";
import type { Id } from "~/lib/id";
import { days, hours, after as later, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { event, facetofaceCall, facetofaceOrder } from "~/server/db/schema";
import { closeTransport } from "~/server/providers/transport";
import { submitAtAlipay, submittedOrder } from "~tests/support/facetoface";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { pollFacetoface } from ".";
import { openAnswer } from "./calls";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(async () => {
  await till?.close();
  await closeTransport();
});

/** A tenant of one's own with an application in Alipay's review, and the worker's question. */
async function reviewed(given: Partial<Parameters<typeof submittedOrder>[1]> = {}) {
  const ctx = await newTenant(till.sys);
  const channelId = await till.channel(ctx, "alipay");
  const { id, batchNo } = await submittedOrder(ctx, { channelId, ...given });
  const stands = async () => {
    const [order] = await ctx.read((tx) => tx.select().from(facetofaceOrder).where(eq(facetofaceOrder.id, id)));
    if (!order) throw new Error("the application is gone");
    return order;
  };
  /** Makes it due, as if its time had come, and asks. */
  const ask = async () => {
    await makeDue(ctx, id);
    await pollFacetoface(ctx, ctx.tenantId);
    return stands();
  };
  return { ctx, channelId, id, batchNo, stands, ask };
}

const makeDue = (ctx: Ctx, id: Id<"facetoface">) =>
  ctx.transaction((tx) => tx.update(facetofaceOrder).set({ nextQueryAt: ctx.now() }).where(eq(facetofaceOrder.id, id)));
const eventsOf = async (ctx: Ctx, subject: string) =>
  ctx.read((tx) =>
    tx
      .select({ type: event.type, details: event.details })
      .from(event)
      .where(and(eq(event.tenantId, ctx.tenantId), eq(event.subject, subject)))
      .orderBy(asc(event.no)),
  );
const callsOf = async (ctx: Ctx, orderId: Id<"facetoface">) => {
  const vault = await ctx.vault();
  const rows = await ctx.read((tx) =>
    tx.select().from(facetofaceCall).where(eq(facetofaceCall.orderId, orderId)).orderBy(asc(facetofaceCall.at)),
  );
  return rows.map(({ id, outcome, code, answerSealed, method }) => ({
    method,
    outcome,
    code,
    answer: answerSealed ? openAnswer(vault, id, answerSealed) : null,
  }));
};

describe("Alipay's word", () => {
  it("takes an application from review to the merchant's confirmation to its opening, each step once", async () => {
    const { ctx, id, batchNo, ask } = await reviewed();

    const inReview = await ask();
    await till.review("approve", batchNo);
    const approved = await ask();
    await till.review("confirm", batchNo);
    const opened = await ask();

    expect(inReview).toMatchObject({ status: "merchant_auditing", providerState: "MERCHANT_AUDITING", queryCount: 1, endedAt: null });
    expect(inReview.nextQueryAt?.getTime()).toBeGreaterThanOrEqual(later(inReview.lastQueryAt ?? new Date(0), ASK_EVERY_MS).getTime());
    expect(inReview.nextQueryAt?.getTime()).toBeLessThanOrEqual(later(ctx.now(), ASK_EVERY_MS).getTime());
    expect(inReview.products).toEqual([{ code: "FACE_TO_FACE_PAYMENT", name: "当面付", status: "audit", rejectReason: null }]);
    expect(inReview.merchantPid).toMatch(/^2088\d{12}$/);
    expect(approved).toMatchObject({ status: "merchant_confirm", providerState: "MERCHANT_CONFIRM", queryCount: 2 });
    expect(approved.confirmUrl).toMatch(new RegExp(`^${till.simulator.url}/merchant/`));
    expect(approved.confirmExpiresAt).toEqual(later(approved.approvedAt ?? new Date(0), CONFIRM_LIVES_MS));
    expect(opened).toMatchObject({
      status: "success",
      providerState: "MERCHANT_CONFIRM_SUCCESS",
      queryCount: 3,
      nextQueryAt: null,
      closeReason: null,
    });
    expect(opened.endedAt).toBeInstanceOf(Date);
    expect(opened.products).toMatchObject([{ status: "valid" }]);
    expect(await eventsOf(ctx, id)).toEqual([
      { type: "facetoface.audit", details: { source: "poll", providerState: "MERCHANT_AUDITING" } },
      { type: "facetoface.approve", details: { source: "poll", providerState: "MERCHANT_CONFIRM" } },
      { type: "facetoface.open", details: { source: "poll", providerState: "MERCHANT_CONFIRM_SUCCESS" } },
    ]);
    expect((await callsOf(ctx, id)).map(({ outcome, answer }) => [outcome, JSON.parse(answer ?? "{}").order_status])).toEqual([
      ["ok", "MERCHANT_AUDITING"],
      ["ok", "MERCHANT_CONFIRM"],
      ["ok", "MERCHANT_CONFIRM_SUCCESS"],
    ]);
    expect(await pollFacetoface(ctx, ctx.tenantId)).toBeNull();
  });

  it("said again changes nothing, and leaves neither event nor call", async () => {
    const { ctx, id, ask } = await reviewed();
    const before = await ask();

    const again = await ask();

    expect(again).toEqual({ ...before, queryCount: 2, lastQueryAt: again.lastQueryAt, nextQueryAt: again.nextQueryAt });
    expect(again.nextQueryAt?.getTime()).toBeGreaterThanOrEqual(later(again.lastQueryAt ?? new Date(0), ASK_EVERY_MS).getTime());
    expect(await eventsOf(ctx, id)).toHaveLength(1);
    expect(await callsOf(ctx, id)).toHaveLength(1);
  });

  it("with another state of a product keeps that alone", async () => {
    const { ctx, id, ask } = await reviewed();
    const before = await ask();
    const products = [{ code: "FACE_TO_FACE_PAYMENT", name: null, status: "none", rejectReason: null }];
    await ctx.transaction((tx) => tx.update(facetofaceOrder).set({ products }).where(eq(facetofaceOrder.id, id)));

    const told = await ask();

    expect(told.products).toEqual(before.products);
    expect(await eventsOf(ctx, id)).toHaveLength(1);
    expect(await callsOf(ctx, id)).toHaveLength(2);
  });

  it("that it is held waits for a person, with the reason; the review goes on after a correction", async () => {
    const { ctx, id, batchNo, ask } = await reviewed();
    await ask();
    await till.review("hold", batchNo, "请补充店内照片");

    const held = await ask();

    expect(held).toMatchObject({ status: "submitted", providerState: "MERCHANT_INFO_HOLD", rejectReason: "请补充店内照片" });
    expect(attentionOf(held, ctx.now())).toBe("held");
    expect(held.nextQueryAt).not.toBeNull();
    expect((await eventsOf(ctx, id)).at(-1)).toEqual({
      type: "facetoface.hold",
      details: { source: "poll", providerState: "MERCHANT_INFO_HOLD" },
    });
    const stillHeld = await ask();
    expect(stillHeld.heldAt).toEqual(held.heldAt);
  });

  it.each([
    ["reject", []],
    ["refuse", ["approve"]],
  ] as const)("after %s closes it as rejected, with Alipay's reason", async (act, before) => {
    const { ctx, id, batchNo, ask } = await reviewed();
    for (const step of before) await till.review(step, batchNo);
    await till.review(act, batchNo, "门头照与店名不符");

    const closed = await ask();

    expect(closed).toMatchObject({
      status: "closed",
      closeReason: "rejected",
      rejectReason: "门头照与店名不符",
      providerState: "MERCHANT_APPLY_ORDER_CANCELED",
      nextQueryAt: null,
    });
    expect((await eventsOf(ctx, id)).at(-1)).toEqual({
      type: "facetoface.close",
      details: { source: "poll", providerState: "MERCHANT_APPLY_ORDER_CANCELED", closeReason: "rejected" },
    });
  });
});

describe("an answer that is not to be believed", () => {
  it("of an older state changes nothing", async () => {
    const { ctx, id, batchNo, ask } = await reviewed();
    await till.review("approve", batchNo);
    const before = await ask();
    await till.faults({ "alipay.open.agent.order.query": { kind: "stale_query" } });

    const told = await ask().finally(() => till.faults({}));

    expect(told).toEqual({ ...before, queryCount: 2, lastQueryAt: told.lastQueryAt, nextQueryAt: told.nextQueryAt });
    expect(await eventsOf(ctx, id)).toHaveLength(1);
  });

  it.each(["unsigned", "bad_signature", "error500", "refuse", "system_error"])(
    "by %s changes nothing, and is asked for again soon",
    async (kind) => {
      const { ctx, id, batchNo, stands, ask } = await reviewed();
      const before = await stands();
      await till.review("approve", batchNo);
      await till.faults({ "alipay.open.agent.order.query": { kind } });

      const told = await ask().finally(() => till.faults({}));

      const { queryCount, lastQueryAt, nextQueryAt, ...rest } = told;
      expect({ ...before, ...rest }).toEqual(before);
      expect(queryCount).toBe(1);
      expect((nextQueryAt?.getTime() ?? 0) - (lastQueryAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(ASK_AGAIN_MS);
      expect((nextQueryAt?.getTime() ?? 0) - ctx.now().getTime()).toBeLessThanOrEqual(ASK_AGAIN_MS * 1.5);
      expect(await eventsOf(ctx, id)).toEqual([]);
      expect(await ask()).toMatchObject({ status: "merchant_confirm", queryCount: 2 });
    },
  );

  it("about another application changes nothing, but stays on record", async () => {
    const { ctx, id, batchNo, ask } = await reviewed({ orderNo: "202611200000000000000000" });
    await till.review("approve", batchNo);

    const told = await ask();

    expect(told).toMatchObject({ status: "submitted", orderNo: "202611200000000000000000", providerState: null, queryCount: 1 });
    expect(await eventsOf(ctx, id)).toEqual([]);
    expect(await callsOf(ctx, id)).toMatchObject([{ outcome: "ok", answer: expect.stringContaining(batchNo.slice(0, 4)) }]);
  });

  it("that denies the submission changes nothing, but stays on record", async () => {
    const { ctx, id, ask } = await reviewed();
    await ctx.transaction((tx) =>
      tx
        .update(facetofaceOrder)
        .set({ batchNo: `20261120${"0".repeat(17)}` })
        .where(eq(facetofaceOrder.id, id)),
    );

    const told = await ask();

    expect(told).toMatchObject({ status: "submitted", providerState: null, queryCount: 1 });
    expect(await callsOf(ctx, id)).toMatchObject([{ outcome: "declined", code: "BATCH_IS_NOT_EXIST" }]);
  });

  it("of a neighbour's batch is a refusal, kept on record and asked for again with the schedule", async () => {
    const { ctx, id, channelId, ask } = await reviewed();
    const other = await newTenant(till.sys);
    const { batchNo: theirs } = await submitAtAlipay(other, await till.channel(other, "alipay"));
    await ctx.transaction((tx) => tx.update(facetofaceOrder).set({ batchNo: theirs }).where(eq(facetofaceOrder.id, id)));

    const told = await ask();

    expect(told).toMatchObject({ status: "submitted", channelId, providerState: null });
    expect(told.nextQueryAt?.getTime()).toBeGreaterThan(later(ctx.now(), hours(3)).getTime());
    expect(await callsOf(ctx, id)).toMatchObject([{ outcome: "declined", code: "NO_APP_PERMISSION" }]);
  });
});

// Last, because it moves the clock for all.
it("closes an application whose merchant let fifteen days pass, as soon as they have", async () => {
  const { ctx, id, batchNo, stands, ask } = await reviewed();
  await till.review("approve", batchNo);
  const approved = await ask();
  till.advance(days(15) - hours(1));
  const reminded = await ask();
  till.advance(hours(1) + minutes(1));

  const nextAt = await pollFacetoface(ctx, ctx.tenantId);

  expect(reminded.nextQueryAt).toEqual(approved.confirmExpiresAt);
  expect(attentionOf(reminded, later(ctx.now(), -hours(1)))).toBe("confirm_expiring");
  expect(await stands()).toMatchObject({
    status: "closed",
    closeReason: "confirm_expired",
    providerState: "MERCHANT_CONFIRM_TIME_OUT",
    nextQueryAt: null,
  });
  expect((await eventsOf(ctx, id)).map(({ type }) => type)).toEqual(["facetoface.approve", "facetoface.close"]);
  expect(nextAt).toBeNull();
});
