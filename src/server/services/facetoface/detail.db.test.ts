import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { ProviderError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { after as plus, seconds } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { channel, event, facetofacePicture, picture } from "~/server/db/schema";
import { applicant, givenOrder } from "~tests/support/facetoface";
import { codeOf } from "~tests/support/factories";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { getFacetofaceDetail, revealAnswer } from ".";
import { recordCall } from "./calls";
import { type FacetofaceOrder, moveOrder } from "./move";

const { sys } = await systemForFile();

const ANSWER = '{"order_status":"MERCHANT_AUDITING","merchant_pid":"2088102534368455","user_id":"2088102534368456"}';

async function newDesk() {
  const ctx = await newShop(sys);
  const [alipay] = await ctx.read((tx) =>
    tx
      .select({ id: channel.id, name: channel.name })
      .from(channel)
      .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.provider, "alipay"))),
  );
  if (!alipay) throw new Error("the shop has a channel");
  return { ctx, channel: alipay };
}

const call = (order: FacetofaceOrder, at: Date) => ({
  orderId: order.id,
  batchNo: order.batchNo,
  method: "alipay.open.agent.order.query" as const,
  startedAt: at,
  ms: 12.4,
});

/** A question that Alipay answered, and a later one that it did not. */
async function withCalls(ctx: Ctx, order: FacetofaceOrder): Promise<void> {
  const vault = await ctx.vault();
  const now = ctx.now();
  await ctx.transaction(async (tx) => {
    await recordCall(tx, ctx, vault, { ...call(order, plus(now, -seconds(60))), answerText: ANSWER });
    await recordCall(tx, ctx, vault, { ...call(order, now), error: new ProviderError("unknown", "timeout", "no answer") });
  });
}

describe("the detail", () => {
  it("tells all of an application, its batch, its pictures and its history, and keeps what is sealed", async () => {
    const { ctx, channel } = await newDesk();
    const order = await givenOrder(ctx, { channelId: channel.id });
    const pictureId = newId("picture");
    await ctx.transaction(async (tx) => {
      await tx.insert(picture).values({
        tenantId: ctx.tenantId,
        id: pictureId,
        type: "png",
        bytes: 6_000,
        sha256: "0".repeat(64),
        contentSealed: Buffer.from("sealed"),
        createdBy: "test",
        createdAt: ctx.now(),
      });
      await tx.insert(facetofacePicture).values({ tenantId: ctx.tenantId, orderId: order.id, slot: "shop_scene", pictureId });
      await moveOrder(tx, ctx, order.id, "audit");
    });

    const detail = await getFacetofaceDetail(ctx, order.id);

    expect(detail).toMatchObject({
      status: "merchant_auditing",
      channelName: channel.name,
      attention: null,
      hasToken: false,
      followedBy: [],
    });
    expect(detail.batches).toMatchObject([{ batchNo: order.batchNo, end: "submitted" }]);
    expect(detail.pictures).toEqual([{ slot: "shop_scene", pictureId, type: "png", bytes: 6_000 }]);
    expect(detail.events.map(({ type }) => type)).toEqual(["facetoface.audit"]);
    expect(detail.masked.contactMobile).toBe("138****5678");
    const told = JSON.stringify(detail);
    expect(told).not.toMatch(/Sealed|stepLease|tenantId/);
    for (const personal of [applicant.account, applicant.contactName, applicant.contactMobile, applicant.businessLicenseNo]) {
      expect(told).not.toContain(personal);
    }
  });

  it("lists calls newest first, each with the answer that was verified and persons masked in it", async () => {
    const { ctx, channel } = await newDesk();
    const order = await givenOrder(ctx, { channelId: channel.id });
    await withCalls(ctx, order);

    const { calls } = await getFacetofaceDetail(ctx, order.id);

    expect(calls).toMatchObject([
      { outcome: "unknown", code: "timeout", answerText: null },
      { outcome: "ok", code: null, ms: 12 },
    ]);
    expect(calls[1]?.answerText).toBe('{"order_status":"MERCHANT_AUDITING","merchant_pid":"2088102534368455","user_id":"20****56"}');
  });

  it("leads to the application that it follows and to those that follow it", async () => {
    const { ctx, channel } = await newDesk();
    const rejected = await givenOrder(ctx, { channelId: channel.id, status: "closed" });
    const again = await givenOrder(ctx, { channelId: channel.id, reapplyOf: rejected.id });

    expect((await getFacetofaceDetail(ctx, rejected.id)).followedBy).toEqual([again.id]);
    expect((await getFacetofaceDetail(ctx, again.id)).reapplyOf).toBe(rejected.id);
  });

  it("says from when on Alipay may be asked by hand again", async () => {
    const { ctx, channel } = await newDesk();
    const asked = ctx.now();
    const order = await givenOrder(ctx, { channelId: channel.id, lastQueryAt: asked });
    const later = (ms: number) => inTenant({ ...ctx.sys, now: () => plus(asked, ms) }, ctx.tenantId, ctx.actor);

    expect((await getFacetofaceDetail(later(seconds(29)), order.id)).mayQueryAt).toEqual(plus(asked, seconds(30)));
    expect((await getFacetofaceDetail(later(seconds(30)), order.id)).mayQueryAt).toBeNull();
  });

  it("is for its own tenant", async () => {
    const { ctx, channel } = await newDesk();
    const order = await givenOrder(ctx, { channelId: channel.id });
    const neighbour = await newShop(sys);

    expect(await codeOf(getFacetofaceDetail(neighbour, order.id))).toBe("not_found");
    expect(await codeOf(getFacetofaceDetail(ctx, newId("facetoface")))).toBe("not_found");
  });
});

describe("an answer in the clear", () => {
  it("PII-01 is given one at a time, and who looked is in the audit log", async () => {
    const { ctx, channel } = await newDesk();
    const order = await givenOrder(ctx, { channelId: channel.id });
    await withCalls(ctx, order);
    const { calls } = await getFacetofaceDetail(ctx, order.id);
    const [silent, answered] = calls.map(({ id }) => id) as [Id<"call">, Id<"call">];

    expect(await revealAnswer(ctx, { orderId: order.id, callId: answered })).toBe(ANSWER);
    expect(await codeOf(revealAnswer(ctx, { orderId: order.id, callId: silent }))).toBe("not_found");
    expect(await codeOf(revealAnswer(await newShop(sys), { orderId: order.id, callId: answered }))).toBe("not_found");

    const looked = await ctx.read((tx) => tx.select().from(event).where(eq(event.type, "facetoface.unmask")));
    expect(looked).toMatchObject([{ subject: order.id, actorId: ctx.actor.id, details: { callId: answered } }]);
  });
});
