import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ASK_FIRST_AFTER_MS } from "~/domain/facetoface";
import { after, days, minutes } from "~/lib/time";
import { facetofaceBatch, tenant } from "~/server/db/schema";
import { type Desk, openDesk } from "~tests/support/applications";
import { expectSound } from "~tests/support/books";
import { openTill, type Till } from "~tests/support/till";
import { openTokens, queryOrder, submitOrder } from ".";

/** Many calls over the wire, on a machine that may be busy. */
const LONG_MS = 300_000;

let till: Till;
let desk: Desk;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till?.close());
beforeEach(async () => {
  await till.faults({});
  desk = await openDesk(till);
});

describe("a submission", { timeout: LONG_MS }, () => {
  it("goes through create, sign and confirm, once each, and is asked about five minutes later", async () => {
    const picture = await desk.picture();
    const { id } = await desk.apply({ pictures: { business_license: picture, shop_scene: picture } });

    const next = await submitOrder(desk.ctx, id);

    expect(next).toBeNull();
    const order = await desk.order(id);
    const [batch, ...others] = await desk.batches();
    expect(others).toEqual([]);
    expect(batch).toMatchObject({
      batchStatus: "submit",
      confirmedTimes: 1,
      account: "shop-owner@example.test",
      shopName: "晓静便利店（虹桥店）",
      pictures: [{ name: "business_license_pic" }, { name: "shop_scene_pic" }],
    });
    expect(order).toMatchObject({
      status: "submitted",
      step: "confirmed",
      batchNo: batch?.batchNo,
      orderNo: batch?.orderNo,
      stepLeaseUntil: null,
    });
    expect(order.nextQueryAt).toEqual(after(order.submittedAt ?? new Date(0), ASK_FIRST_AFTER_MS));
    expect((await desk.jobs())["poll-facetoface"]).toEqual(order.nextQueryAt);
    expect(await desk.ends(id)).toEqual(["submitted"]);
    expect(await desk.events(id)).toEqual(["create", "batch_open", "submit"]);
    expect(await desk.calls(id)).toEqual([
      { method: "create", outcome: "ok", code: null },
      { method: "facetoface.sign", outcome: "ok", code: null },
      { method: "confirm", outcome: "ok", code: null },
    ]);
    await expectSound(desk.ctx);
  });

  it("by several workers at once is made by one of them", async () => {
    const { id } = await desk.apply();

    const answers = await Promise.all(Array.from({ length: 4 }, () => submitOrder(desk.ctx, id)));

    expect(answers).toContain(null);
    expect(await desk.batches()).toMatchObject([{ batchStatus: "submit", confirmedTimes: 1 }]);
    expect((await desk.calls(id)).map(({ method }) => method)).toEqual(["create", "facetoface.sign", "confirm"]);
    await expectSound(desk.ctx);
  });

  it("in the pre-authorised mode keeps the tokens that the confirmation gives, sealed, and no clear copy of them", async () => {
    const { id } = await desk.apply({ orderTicket: "ticket-0001-abcd" });

    await submitOrder(desk.ctx, id);

    const order = await desk.order(id);
    if (!order.tokensSealed) throw new Error("no tokens");
    const tokens = openTokens(await desk.ctx.vault(), id, order.tokensSealed);
    expect(tokens).toMatchObject({ appAuthToken: expect.stringMatching(/^\w{20,}$/), authAppId: expect.stringMatching(/^2021\d{12}$/) });
    expect(order.tokenExpiresAt?.getTime()).toBeGreaterThan(till.sys.now().getTime() + days(364));
    const kept = await desk.answers(id);
    expect(kept.some((text) => text.includes("app_auth_token"))).toBe(true);
    expect(kept.join()).not.toContain(tokens.appAuthToken);
    expect(JSON.stringify(await desk.lastEvent(id), (_name, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      tokens.appAuthToken,
    );
  });

  it("of a suspended tenant is not begun, and goes on by itself afterwards", async () => {
    const { id } = await desk.apply();
    const set = (status: "active" | "suspended") => till.sys.db.orm.update(tenant).set({ status }).where(eq(tenant.id, desk.ctx.tenantId));

    await set("suspended");
    expect(await submitOrder(desk.ctx, id)).toBeInstanceOf(Date);
    expect(await desk.batches()).toEqual([]);
    expect(await desk.order(id)).toMatchObject({ step: "new", failureCode: null });

    await set("active");
    expect(await submitOrder(desk.ctx, id)).toBeNull();
    expect(await desk.order(id)).toMatchObject({ status: "submitted" });
  });

  it("of what was rejected is applied for anew, in a batch of its own", async () => {
    const scene = await desk.picture();
    const first = await desk.apply({ account: "reject@example.test", pictures: { shop_scene: scene } });
    await till.work();
    await queryOrder(desk.ctx, first.id);
    expect(await desk.order(first.id)).toMatchObject({ status: "closed", closeReason: "rejected" });

    const again = { reapplyOf: first.id, account: "second-try@example.test", contactName: undefined, contactMobile: undefined };
    const second = await desk.apply({ ...again, pictures: { shop_scene: scene } });
    await till.work();

    expect(await desk.order(second.id)).toMatchObject({ status: "submitted", reapplyOf: first.id });
    expect(await desk.batches()).toMatchObject([
      { account: "reject@example.test", orderStatus: "MERCHANT_APPLY_ORDER_CANCELED", pictures: [{ name: "shop_scene_pic" }] },
      { account: "second-try@example.test", orderStatus: "MERCHANT_AUDITING", pictures: [{ name: "shop_scene_pic" }] },
    ]);
    await expectSound(desk.ctx);
  });

  it("opens no more than ten batches in an hour, whatever Alipay says of them", async () => {
    const { id } = await desk.apply();
    const openedAt = till.sys.now();
    await desk.ctx.transaction((tx) =>
      tx.insert(facetofaceBatch).values(
        Array.from({ length: 10 }, (_, index) => ({
          tenantId: desk.ctx.tenantId,
          batchNo: `2026${index}`,
          orderId: id,
          openedAt,
          end: "expired" as const,
          endedAt: openedAt,
        })),
      ),
    );

    expect(await submitOrder(desk.ctx, id)).toBeInstanceOf(Date);
    expect(await desk.batches()).toEqual([]);

    till.advance(minutes(61));
    await till.work();
    expect(await desk.order(id)).toMatchObject({ step: "confirmed" });
  });
});
