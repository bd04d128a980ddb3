import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ReviseFacetoface } from "~/domain/facetoface-input";
import type { Id } from "~/lib/id";
import { minutes } from "~/lib/time";
import { application, type Desk, openDesk } from "~tests/support/applications";
import { expectSound } from "~tests/support/books";
import { openTill, type Till } from "~tests/support/till";
import { openPerson, queryOrder, resumeOrder, reviseOrder, submitOrder, withdrawOrder } from ".";

/** Many calls over the wire, on a machine that may be busy. */
const LONG_MS = 300_000;
const CONFIRM = "alipay.open.agent.confirm";

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

const { account: _account, contactName: _name, contactMobile: _mobile, businessLicenseNo: _no, ...unchanged } = application;
/** A correction as the form sends it: what of the person nobody touched is left out. */
const correction = (orderId: Id<"facetoface">, changes: Record<string, unknown> = {}) =>
  ReviseFacetoface.parse({ ...unchanged, orderId, ...changes });

/** An application that Alipay held at its submission, as we know. */
async function held(account = "hold@example.test") {
  const { id } = await desk.apply({ account });
  await submitOrder(desk.ctx, id);
  const { status } = await queryOrder(desk.ctx, id);
  expect(status).toBe("submitted");
  expect((await desk.order(id)).heldAt).not.toBeNull();
  return id;
}

describe("what Alipay held", { timeout: LONG_MS }, () => {
  it("is corrected in its batch, signed and confirmed again, and goes into review", async () => {
    const id = await held();
    const before = await desk.order(id);

    const revised = await reviseOrder(desk.ctx, correction(id, { shopName: "晓静便利店（更名）", contactName: "欧阳静" }));
    expect(revised).toMatchObject({ status: "init", step: "created", heldAt: null, nextQueryAt: null, batchNo: before.batchNo });
    await till.work();

    const [batch, ...others] = await desk.batches();
    expect(others).toEqual([]);
    expect(batch).toMatchObject({ shopName: "晓静便利店（更名）", confirmedTimes: 2, orderStatus: "MERCHANT_AUDITING" });
    const order = await desk.order(id);
    expect(order).toMatchObject({ status: "submitted", step: "confirmed", batchNo: before.batchNo, orderNo: before.orderNo });
    expect(order.nextQueryAt).not.toBeNull();
    const person = openPerson(await desk.ctx.vault(), id, order.personSealed);
    expect(person).toMatchObject({ account: "hold@example.test", contactName: "欧阳静", contactMobile: application.contactMobile });
    expect(await desk.ends(id)).toEqual(["submitted"]);
    expect(await desk.events(id)).toEqual(["create", "batch_open", "submit", "hold", "revise", "submit"]);
    await expectSound(desk.ctx);
  });

  it("may be corrected days after its batch was opened", async () => {
    const id = await held();
    till.advance(minutes(60 * 24 * 3));

    await reviseOrder(desk.ctx, correction(id));
    await till.work();

    expect(await desk.batches()).toMatchObject([{ confirmedTimes: 2, orderStatus: "MERCHANT_AUDITING" }]);
    expect((await desk.order(id)).step).toBe("confirmed");
  });

  it("is confirmed once more when the answer to the correction is lost, and only if it did not arrive", async () => {
    for (const kind of ["bad_signature", "system_error"]) {
      const account = kind === "bad_signature" ? "hold.done@example.test" : "hold.lost@example.test";
      const id = await held(account);
      await reviseOrder(desk.ctx, correction(id));
      await till.faults({ [CONFIRM]: { kind, times: 1 } });

      await submitOrder(desk.ctx, id);
      expect(await desk.order(id)).toMatchObject({ status: "init", step: "confirming" });
      await submitOrder(desk.ctx, id);

      expect((await desk.order(id)).step).toBe("confirmed");
      const [batch] = (await desk.batches()).filter((one) => one.account === account);
      expect(batch).toMatchObject({ confirmedTimes: 2, orderStatus: "MERCHANT_AUDITING" });
    }
    await expectSound(desk.ctx);
  });

  it("and rejected before the correction came is applied for anew", async () => {
    const id = await held();
    const { batchNo } = await desk.order(id);
    await reviseOrder(desk.ctx, correction(id));
    await desk.act("reject", batchNo ?? "");

    await till.work();

    expect(await desk.order(id)).toMatchObject({ status: "submitted", step: "confirmed" });
    expect((await desk.batches()).map(({ batchNo: no, confirmedTimes }) => [no === batchNo, confirmedTimes])).toEqual([
      [true, 1],
      [false, 1],
    ]);
    expect(await desk.ends(id)).toEqual(["cancelled", "submitted"]);
    await expectSound(desk.ctx);
  });

  it("and refused at the correction stays in its batch for the next one", async () => {
    const id = await held();
    const { batchNo } = await desk.order(id);
    await reviseOrder(desk.ctx, correction(id));
    await desk.spoil(id);
    await submitOrder(desk.ctx, id);
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "created", batchNo, failureCode: "FACE_TO_FACE_RATE_PARAM_ERROR" });

    await reviseOrder(desk.ctx, correction(id));
    await till.work();

    expect(await desk.batches()).toMatchObject([{ batchNo, batchStatus: "submit", confirmedTimes: 2 }]);
    expect((await desk.order(id)).step).toBe("confirmed");
    await expectSound(desk.ctx);
  });
});

describe("what Alipay refused at submission", { timeout: LONG_MS }, () => {
  it.each([
    ["create", "uncertified@example.test", "MERCHANT_NOT_CERTIFIED"],
    ["sign", "inaudit@example.test", "MERCHANT_SIGN_PRODUCT_IN_AUDIT"],
  ])("at %s waits for a person with its reason, its batch cancelled", async (at, account, code) => {
    const { id } = await desk.apply({ account });

    await till.work();

    const order = await desk.order(id);
    expect(order).toMatchObject({ status: "init", step: "new", failureCode: code, batchNo: null, stepLeaseUntil: null });
    expect(order.failureReason).toBeTruthy();
    expect(await desk.events(id)).toContain("fail");
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(at === "create" ? [] : ["cancel"]);
    expect(await desk.ends(id)).toEqual(at === "create" ? [] : ["cancelled"]);
    expect((await desk.jobs())["submit-facetoface"]).toBeUndefined();
    await expectSound(desk.ctx);
  });

  it("is tried again as it stands, and refused again", async () => {
    const { id } = await desk.apply({ account: "inaudit@example.test" });
    await till.work();

    const resumed = await resumeOrder(desk.ctx, id);
    expect(resumed).toMatchObject({ status: "init", step: "new", failureCode: null, failureReason: null });
    await till.work();

    expect(await desk.order(id)).toMatchObject({ failureCode: "MERCHANT_SIGN_PRODUCT_IN_AUDIT" });
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(["cancel", "cancel"]);
  });

  it("is submitted once it was corrected, in a batch of its own", async () => {
    const picture = await desk.picture();
    const { id } = await desk.apply();
    await desk.spoil(id);
    await till.work();
    expect(await desk.order(id)).toMatchObject({ failureCode: "FACE_TO_FACE_RATE_PARAM_ERROR" });

    const revised = await reviseOrder(desk.ctx, correction(id, { pictures: { shop_scene: picture } }));
    expect(revised).toMatchObject({ status: "init", step: "new", failureCode: null, rate: application.rate });
    await till.work();

    expect((await desk.batches()).map(({ batchStatus, pictures }) => [batchStatus, pictures.length])).toEqual([
      ["cancel", 0],
      ["submit", 1],
    ]);
    expect(await desk.ends(id)).toEqual(["cancelled", "submitted"]);
    await expectSound(desk.ctx);
  });

  it("at the question about a confirmation keeps its batch: it may be tried again, but neither corrected nor withdrawn", async () => {
    const foreign = await openDesk(till);
    const other = await foreign.apply();
    await submitOrder(foreign.ctx, other.id);
    const { batchNo: foreignNo } = await foreign.order(other.id);
    await till.faults({ [CONFIRM]: { kind: "bad_signature", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    const { batchNo } = await desk.order(id);

    // Asked about another app's batch, Alipay refuses to answer.
    await desk.useBatch(id, foreignNo ?? "");
    await submitOrder(desk.ctx, id);

    expect(await desk.order(id)).toMatchObject({
      status: "init",
      step: "confirming",
      failureCode: "NO_APP_PERMISSION",
      batchNo: foreignNo,
    });
    const perhaps = { code: "not_allowed_now", details: { reason: "submitting" } };
    await expect(reviseOrder(desk.ctx, correction(id))).rejects.toMatchObject(perhaps);
    await expect(withdrawOrder(desk.ctx, { orderId: id, reason: "填错了" })).rejects.toMatchObject(perhaps);
    await desk.useBatch(id, batchNo ?? "");
    await resumeOrder(desk.ctx, id);
    await submitOrder(desk.ctx, id);

    expect(await desk.order(id)).toMatchObject({ status: "submitted", step: "confirmed", batchNo, failureCode: null });
    expect(await desk.batches()).toMatchObject([{ batchNo, confirmedTimes: 1 }]);
  });

  it("for want of its channel goes on when a person enabled it again", async () => {
    const { id } = await desk.apply();
    await desk.setChannel("disable");
    await till.work();
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "new", failureCode: "channel_disabled" });
    expect(await desk.batches()).toEqual([]);

    await desk.setChannel("enable");
    await resumeOrder(desk.ctx, id);
    await till.work();

    expect((await desk.order(id)).step).toBe("confirmed");
  });

  it("is not corrected in any other state", async () => {
    const { id } = await desk.apply();
    await expect(reviseOrder(desk.ctx, correction(id))).rejects.toMatchObject({ code: "not_allowed_now", details: { status: "init" } });
    await till.work();

    await expect(reviseOrder(desk.ctx, correction(id))).rejects.toMatchObject({
      code: "not_allowed_now",
      details: { status: "submitted" },
    });
    await expect(resumeOrder(desk.ctx, id)).rejects.toMatchObject({ code: "not_allowed_now", details: { status: "submitted" } });
  });
});
