import { and, asc, eq, like } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASK_BY_HAND_GAP_MS, ASK_EVERY_MS, CONFIRM_LIVES_MS } from "~/domain/facetoface";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { after as later, seconds } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { event, facetofaceCall, facetofaceOrder } from "~/server/db/schema";
import { closeTransport } from "~/server/providers/transport";
import { applicant, givenOrder, submittedOrder } from "~tests/support/facetoface";
import { codeOf, newMember } from "~tests/support/factories";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { queryOrder, remindMerchant } from ".";
import { askAlipay, settleAnswer } from "./ask";

const QUERY = "alipay.open.agent.order.query";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(async () => {
  await till?.close();
  await closeTransport();
});

async function newDesk() {
  const ctx = await newTenant(till.sys);
  const channelId = await till.channel(ctx, "alipay");
  return { ctx, channelId };
}
/** The same tenant at a held moment; Alipay's clock goes on. */
const at = (ctx: Ctx, instant: Date): Ctx => inTenant({ ...ctx.sys, now: () => instant }, ctx.tenantId, ctx.actor);
const ahead = (ctx: Ctx, ms: number): Ctx => at(ctx, later(ctx.now(), ms));
const stands = async (ctx: Ctx, id: Id<"facetoface">) => {
  const [order] = await ctx.read((tx) => tx.select().from(facetofaceOrder).where(eq(facetofaceOrder.id, id)));
  if (!order) throw new Error("the application is gone");
  return order;
};
const eventsOf = (ctx: Ctx, subject: string) =>
  ctx.read((tx) =>
    tx
      .select({ type: event.type, details: event.details, actorKind: event.actorKind, actorId: event.actorId })
      .from(event)
      .where(and(eq(event.tenantId, ctx.tenantId), eq(event.subject, subject), like(event.type, "facetoface.%")))
      .orderBy(asc(event.no)),
  );
const callsOf = (ctx: Ctx, id: Id<"facetoface">) =>
  ctx.read((tx) =>
    tx
      .select({ outcome: facetofaceCall.outcome, code: facetofaceCall.code })
      .from(facetofaceCall)
      .where(eq(facetofaceCall.orderId, id))
      .orderBy(asc(facetofaceCall.at)),
  );

describe("asking by hand", () => {
  it("applies Alipay's word at once, with every answer on record", async () => {
    const { ctx, channelId } = await newDesk();
    const { id, batchNo } = await submittedOrder(ctx, { channelId });
    await till.review("approve", batchNo);

    const asked = await queryOrder(ctx, id);
    const again = await queryOrder(ahead(ctx, ASK_BY_HAND_GAP_MS + seconds(1)), id);

    expect(asked).toEqual({ id, status: "merchant_confirm", providerState: "MERCHANT_CONFIRM", changed: true });
    expect(again).toEqual({ ...asked, changed: false });
    expect(await stands(ctx, id)).toMatchObject({ queryCount: 2 });
    expect(await eventsOf(ctx, id)).toMatchObject([{ type: "facetoface.approve", details: { source: "hand" } }]);
    expect(await callsOf(ctx, id)).toEqual([0, 0].map(() => ({ outcome: "ok", code: null })));
  });

  it("is possible once in a while, and says when again", async () => {
    const { ctx, channelId } = await newDesk();
    const { id } = await submittedOrder(ctx, { channelId });
    const now = ctx.now();
    await queryOrder(at(ctx, now), id);

    const refused = await queryOrder(at(ctx, now), id).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({
      code: "too_many_requests",
      details: { retryAt: later(now, ASK_BY_HAND_GAP_MS).toISOString(), retryAfterSeconds: ASK_BY_HAND_GAP_MS / 1_000 },
    });
  });

  it("reaches Alipay once when ten press at the same moment", async () => {
    const { ctx, channelId } = await newDesk();
    const { id } = await submittedOrder(ctx, { channelId });
    const { last } = await till.journal();
    const moment = at(ctx, ctx.now());

    const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf(queryOrder(moment, id))));

    const { entries } = await till.journal(last);
    expect(codes.filter((code) => code === "ok")).toHaveLength(1);
    expect(codes.filter((code) => code === "too_many_requests")).toHaveLength(9);
    expect(entries.filter(({ kind, what }) => kind === "request" && what === QUERY)).toHaveLength(1);
    expect(await stands(ctx, id)).toMatchObject({ status: "merchant_auditing", queryCount: 1 });
  });

  it("tells the person that there is no answer, keeps the refusal on record and the schedule as it was", async () => {
    const { ctx, channelId } = await newDesk();
    const admin = await newMember(ctx, "admin");
    const { id, nextQueryAt } = await submittedOrder(ctx, { channelId });
    await till.faults({ [QUERY]: { kind: "unsigned" } });

    const code = await codeOf(admin.api.facetoface.query({ orderId: id })).finally(() => till.faults({}));

    expect(code).toBe("provider_unknown");
    const order = await stands(ctx, id);
    expect(order).toMatchObject({ status: "submitted", providerState: null, queryCount: 1, nextQueryAt });
    expect(await callsOf(ctx, id)).toEqual([{ outcome: "unknown", code: "unsigned" }]);
    expect(await codeOf(queryOrder(at(ctx, order.lastQueryAt ?? ctx.now()), id))).toBe("too_many_requests");
  });

  it("is refused where there is nothing to ask, and for what is not one's own", async () => {
    const { ctx, channelId } = await newDesk();
    const [draft, open, closed] = [
      await givenOrder(ctx, { channelId, status: "init" }),
      await givenOrder(ctx, { channelId, status: "success" }),
      await givenOrder(ctx, { channelId, status: "closed" }),
    ];
    const neighbour = await newTenant(till.sys);

    for (const { id } of [draft, open, closed]) expect(await codeOf(queryOrder(ctx, id))).toBe("not_allowed_now");
    expect(await codeOf(queryOrder(ctx, newId("facetoface")))).toBe("not_found");
    expect(await codeOf(queryOrder(neighbour, open.id))).toBe("not_found");
  });
});

it("does not take an answer about what was corrected meanwhile", async () => {
  const { ctx, channelId } = await newDesk();
  const order = await submittedOrder(ctx, { channelId });
  await till.review("hold", order.batchNo, "请补充店内照片");
  const answer = await askAlipay(ctx, order);
  const resubmittedAt = later(ctx.now(), seconds(1));
  await ctx.transaction((tx) => tx.update(facetofaceOrder).set({ submittedAt: resubmittedAt }).where(eq(facetofaceOrder.id, order.id)));

  const settled = await settleAnswer(ctx, order, answer, { source: "poll" });

  expect(settled?.news).toBe("outdated");
  expect(await stands(ctx, order.id)).toEqual({ ...order, submittedAt: resubmittedAt });
  expect(await eventsOf(ctx, order.id)).toEqual([]);
  expect(await callsOf(ctx, order.id)).toHaveLength(1);
});

describe("reminding the merchant", () => {
  const inConfirmation = async (lives = CONFIRM_LIVES_MS) => {
    const { ctx, channelId } = await newDesk();
    const confirmUrl = "https://openauth.example.test/confirm/7";
    const confirmExpiresAt = later(ctx.now(), lives);
    const { id } = await givenOrder(ctx, { channelId, status: "merchant_confirm", confirmUrl, confirmExpiresAt });
    return { ctx, channelId, id, confirmUrl, confirmExpiresAt };
  };

  it("hands out the link and counts, also when two do it at once", async () => {
    const { ctx, id, confirmUrl, confirmExpiresAt } = await inConfirmation();

    const reminded = await Promise.all([remindMerchant(ctx, id), remindMerchant(ctx, id)]);

    expect(reminded.map(({ remindCount }) => remindCount).sort()).toEqual([1, 2]);
    expect(reminded[0]).toMatchObject({ confirmUrl, confirmExpiresAt });
    expect(await stands(ctx, id)).toMatchObject({ remindCount: 2, lastRemindAt: expect.any(Date), status: "merchant_confirm" });
    expect(await eventsOf(ctx, id)).toMatchObject([
      { type: "facetoface.remind", details: { remindCount: 1 } },
      { type: "facetoface.remind", details: { remindCount: 2 } },
    ]);
  });

  it("is refused before there is a link, after the time to confirm, and for a neighbour", async () => {
    const { ctx, channelId, id } = await inConfirmation();
    const submitted = await givenOrder(ctx, { channelId });

    expect(await codeOf(remindMerchant(ctx, submitted.id))).toBe("not_allowed_now");
    expect(await codeOf(remindMerchant(ahead(ctx, CONFIRM_LIVES_MS + ASK_EVERY_MS), id))).toBe("expired");
    expect(await codeOf(remindMerchant(await newTenant(till.sys), id))).toBe("not_found");
    expect(await stands(ctx, id)).toMatchObject({ remindCount: 0 });
  });
});

it("shows personal data in the clear only with a line about who looked", async () => {
  const { ctx, channelId } = await newDesk();
  const [admin, viewer] = [await newMember(ctx, "admin"), await newMember(ctx, "viewer")];
  const { id } = await givenOrder(ctx, { channelId });

  const person = await admin.api.facetoface.unmask({ orderId: id });
  const refused = await codeOf(viewer.api.facetoface.unmask({ orderId: id }));

  expect(person).toEqual(applicant);
  expect(refused).toBe("forbidden");
  expect(await eventsOf(ctx, id)).toEqual([{ type: "facetoface.unmask", details: {}, actorKind: "user", actorId: admin.id }]);
});
