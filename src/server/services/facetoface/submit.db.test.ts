import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ASK_FIRST_AFTER_MS } from "~/domain/facetoface";
import { after } from "~/lib/time";
import { type Desk, openDesk } from "~tests/support/applications";
import { expectSound } from "~tests/support/books";
import { openTill, type Till } from "~tests/support/till";
import { submitOrder } from ".";

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

describe("a submission", () => {
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
});
