import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import { hours, minutes } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { type Desk, openDesk } from "~tests/support/applications";
import { expectSound } from "~tests/support/books";
import { type GivenOrder, givenOrder } from "~tests/support/facetoface";
import { openTill, type Till } from "~tests/support/till";
import { queryOrder, submitOrder, withdrawOrder } from ".";

/** Many calls over the wire, on a machine that may be busy. */
const LONG_MS = 300_000;
const SIGN = "alipay.open.agent.facetoface.sign";
const CREATE = "alipay.open.agent.create";
const CONFIRM = "alipay.open.agent.confirm";
const CANCEL = "alipay.open.agent.cancel";

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

const withdraw = (orderId: Id<"facetoface">) => withdrawOrder(desk.ctx, { orderId, reason: "商家改了主意" });
const CLOSED = { status: "closed", closeReason: "withdrawn", nextQueryAt: null, stepLeaseUntil: null };

/** Runs `act` in the middle of the first call of this kind: before its answer is stored. */
function meanwhile(ctx: Ctx, turn: number, act: () => Promise<unknown>): Ctx {
  let turns = 0;
  const own = inTenant(ctx.sys, ctx.tenantId, ctx.actor);
  return {
    ...own,
    async transaction(work) {
      turns += 1;
      if (turns === turn) await act();
      return own.transaction(work);
    },
  };
}

describe("before it is submitted", { timeout: LONG_MS }, () => {
  it("closes, and nothing is ever asked of Alipay", async () => {
    const { id } = await desk.apply();

    expect(await withdraw(id)).toMatchObject(CLOSED);

    await till.work();
    expect(await desk.batches()).toEqual([]);
    expect(await desk.events(id)).toEqual(["create", "close"]);
    await expectSound(desk.ctx);
  });

  it("closes, and its open batch is cancelled at Alipay", async () => {
    await till.faults({ [SIGN]: { kind: "system_error", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);

    expect(await withdraw(id)).toMatchObject(CLOSED);

    till.advance(minutes(11));
    await till.work();
    expect(await desk.batches()).toMatchObject([{ batchStatus: "cancel", confirmedTimes: 0 }]);
    expect(await desk.ends(id)).toEqual(["cancelled"]);
    await expectSound(desk.ctx);
  });

  it("asks Alipay to cancel again until it answers, or until the batch has died of age", async () => {
    await till.faults({ [SIGN]: { kind: "system_error", times: 1 }, [CANCEL]: { kind: "system_error" } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    await withdraw(id);

    till.advance(minutes(11));
    await till.work();
    expect(await desk.ends(id)).toEqual([null]);
    till.advance(hours(1));
    await till.work();

    expect(await desk.ends(id)).toEqual(["expired"]);
    expect((await desk.jobs())["cancel-facetoface-batch"]).toBeUndefined();
    await expectSound(desk.ctx);
  });

  it("takes a cancellation that was done without an answer for done", async () => {
    await till.faults({ [SIGN]: { kind: "system_error", times: 1 }, [CANCEL]: { kind: "bad_signature", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    await withdraw(id);

    for (let round = 0; round < 2; round += 1) {
      till.advance(minutes(11));
      await till.work();
    }

    expect(await desk.ends(id)).toEqual(["cancelled"]);
    expect(await desk.batches()).toMatchObject([{ batchStatus: "cancel" }]);
  });
});

describe("while a step is under way", { timeout: LONG_MS }, () => {
  // Turns at the database: take and store of create, of sign, of confirm.
  it.each([
    ["create", 2],
    ["sign", 4],
  ])("%s: the step finds that it ended, and leaves no open batch behind", async (_step, turn) => {
    const { id } = await desk.apply();

    const next = await submitOrder(
      meanwhile(desk.ctx, turn, () => withdraw(id)),
      id,
    );

    expect(next).toBeNull();
    expect(await desk.order(id)).toMatchObject(CLOSED);
    await till.work();
    expect(await desk.batches()).toMatchObject([{ batchStatus: "cancel", confirmedTimes: 0 }]);
    expect(await desk.ends(id)).toEqual(["cancelled"]);
    await expectSound(desk.ctx);
  });

  it("confirm: it is refused, since Alipay perhaps has it", async () => {
    const { id } = await desk.apply();
    let refusal: unknown = null;

    await submitOrder(
      meanwhile(desk.ctx, 6, async () => {
        refusal = await withdraw(id).catch((error: unknown) => error);
      }),
      id,
    );

    expect(refusal).toMatchObject({ code: "not_allowed_now", details: { reason: "submitting" } });
    expect(await desk.order(id)).toMatchObject({ status: "submitted", step: "confirmed" });
  });

  it("an unknown confirmation: refused until Alipay has answered", async () => {
    await till.faults({ [CONFIRM]: { kind: "bad_signature", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);

    await expect(withdraw(id)).rejects.toMatchObject({ details: { reason: "submitting" } });
    await submitOrder(desk.ctx, id);

    await expect(withdraw(id)).rejects.toMatchObject({ details: { reason: "in_review" } });
  });

  it("a create that was never sent leaves nothing to cancel", async () => {
    await till.faults({ [CREATE]: { kind: "rate_limited", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);

    await withdraw(id);

    await till.work();
    expect(await desk.batches()).toEqual([]);
  });

  it("twice at once closes it once", async () => {
    const { id } = await desk.apply();

    const results = await Promise.allSettled([withdraw(id), withdraw(id)]);

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await desk.events(id)).filter((type) => type === "close")).toHaveLength(1);
  });
});

describe("after it was submitted", { timeout: LONG_MS }, () => {
  it("while held closes here, stops asking, and says what stays at Alipay", async () => {
    const { id } = await desk.apply({ account: "hold@example.test" });
    await till.work();
    await queryOrder(desk.ctx, id);

    expect(await withdraw(id)).toMatchObject(CLOSED);

    till.advance(hours(5));
    await till.work();
    expect(await desk.order(id)).toMatchObject({ ...CLOSED, queryCount: 1 });
    expect(await desk.lastEvent(id)).toMatchObject({
      type: "facetoface.close",
      details: { staysHeldAtAlipay: true, closeReason: "withdrawn" },
    });
    await expectSound(desk.ctx);
  });

  const states: [string, Omit<GivenOrder, "channelId">, string][] = [
    ["submitted", { status: "submitted" }, "in_review"],
    ["in audit", { status: "merchant_auditing" }, "in_review"],
    ["awaiting the merchant", { status: "merchant_confirm" }, "in_review"],
    ["open", { status: "success" }, "ended"],
    ["rejected", { status: "closed" }, "ended"],
  ];
  it.each(states)("%s is refused", async (_state, given, reason) => {
    const { id, status } = await givenOrder(desk.ctx, { channelId: desk.channelId, ...given });

    await expect(withdraw(id)).rejects.toMatchObject({ code: "not_allowed_now", details: { reason, status } });

    expect((await desk.order(id)).status).toBe(status);
  });
});
