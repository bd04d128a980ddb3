import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import { hours, minutes, seconds } from "~/lib/time";
import { type Desk, openDesk } from "~tests/support/applications";
import { expectSound } from "~tests/support/books";
import { type Death, Died, dying } from "~tests/support/dying";
import { openTill, type Till } from "~tests/support/till";
import { submitOrder } from ".";
import { STEP_LEASE_MS } from "./take-step";

/** Calls that never answer take their whole deadline, and a busy machine takes longer. */
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

const CREATE = "alipay.open.agent.create";
const SIGN = "alipay.open.agent.facetoface.sign";
const CONFIRM = "alipay.open.agent.confirm";
const QUERY = "alipay.open.agent.order.query";

/** It is submitted, in one batch that was confirmed once; no other batch ever was. */
async function expectOneConfirmed(account: string, id: Id<"facetoface">): Promise<void> {
  const order = await desk.order(id);
  const batches = (await desk.batches()).filter((batch) => batch.account === account);
  const confirmed = batches.filter(({ confirmedTimes }) => confirmedTimes > 0);
  expect(["submitted", "merchant_auditing"], account).toContain(order.status);
  expect(order, account).toMatchObject({ step: "confirmed", stepLeaseUntil: null });
  expect(confirmed.map(({ batchNo, orderNo, confirmedTimes }) => ({ batchNo, orderNo, confirmedTimes }))).toEqual([
    { batchNo: order.batchNo, orderNo: order.orderNo, confirmedTimes: 1 },
  ]);
  expect((await desk.ends(id)).filter((end) => end === "submitted")).toHaveLength(1);
}

/** Lets the schedule come round until nothing is to be done, and longer than any pause. */
async function comeRound(times = 3): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    till.advance(minutes(11));
    await till.work();
  }
}

it("a worker that dies before or after any write leaves one confirmed batch to whoever comes next", { timeout: LONG_MS }, async () => {
  const picture = await desk.picture();
  const apply = async (account: string) => ({ account, id: (await desk.apply({ account, pictures: { shop_scene: picture } })).id });
  const healthy = await apply("whole@example.test");
  const counting = dying(desk.ctx, null);
  await submitOrder(counting.ctx, healthy.id);
  const deaths = Array.from({ length: counting.turns() }, (_, index) => index + 1).flatMap<Death>((turn) => [
    { turn, when: "before" },
    { turn, when: "after" },
  ]);
  expect(deaths.length).toBeGreaterThan(14);

  const left = [];
  for (const death of deaths) {
    const one = await apply(`dead-${death.when}-${death.turn}@example.test`);
    await expect(submitOrder(dying(desk.ctx, death).ctx, one.id), one.account).rejects.toThrow(Died);
    left.push(one);
  }
  // Whoever comes while the dead worker's lease lasts does nothing.
  const before = (await desk.batches()).length;
  for (const { id } of left) await submitOrderUnlessLeased(id);
  till.advance(STEP_LEASE_MS + seconds(1));
  await till.work(60);

  expect(before).toBeGreaterThan(5);
  for (const { account, id } of [healthy, ...left]) await expectOneConfirmed(account, id);
  await expectSound(desk.ctx);
  // A batch whose number nobody learnt dies by itself, empty.
  till.advance(hours(1));
  await till.work();
  const open = (await desk.batches()).filter(({ batchStatus }) => batchStatus === "init");
  expect(open).toEqual([]);
});

async function submitOrderUnlessLeased(id: Id<"facetoface">): Promise<void> {
  const { step, stepLeaseUntil } = await desk.order(id);
  if (!stepLeaseUntil) return;
  const batches = (await desk.batches()).length;
  expect(await submitOrder(desk.ctx, id)).toEqual(stepLeaseUntil);
  expect((await desk.order(id)).step).toBe(step);
  expect((await desk.batches()).length).toBe(batches);
}

describe("a call that was done and never answered", { timeout: LONG_MS }, () => {
  it("create: another batch is begun, and the one that nobody knows dies empty", async () => {
    await till.faults({ [CREATE]: { kind: "do_then_timeout", times: 1 } });
    const { id } = await desk.apply();

    const again = await submitOrder(desk.ctx, id);
    expect(again).toBeInstanceOf(Date);
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "creating", stepLeaseUntil: null, failureCode: null });
    await comeRound(1);

    await expectOneConfirmed("shop-owner@example.test", id);
    till.advance(hours(1));
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(["timeout", "submit"]);
    await expectSound(desk.ctx);
  });

  it("sign: it is signed again in the same batch", async () => {
    await till.faults({ [SIGN]: { kind: "bad_signature", times: 1 } });
    const { id } = await desk.apply();

    await submitOrder(desk.ctx, id);
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "signing", stepLeaseUntil: null });
    await comeRound(1);

    await expectOneConfirmed("shop-owner@example.test", id);
    expect(await desk.batches()).toHaveLength(1);
    expect((await desk.calls(id)).map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
      "create ok",
      "facetoface.sign unknown",
      "facetoface.sign ok",
      "confirm ok",
    ]);
  });

  it("confirm: Alipay is asked, never confirmed twice", async () => {
    const { id } = await desk.apply({ account: "silent@example.test" });

    await submitOrder(desk.ctx, id);
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "confirming", stepLeaseUntil: null });
    await comeRound(1);

    await expectOneConfirmed("silent@example.test", id);
    expect((await desk.calls(id)).map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
      "create ok",
      "facetoface.sign ok",
      "confirm unknown",
      "order.query ok",
    ]);
    await expectSound(desk.ctx);
  });
});

describe("Alipay away", { timeout: LONG_MS }, () => {
  it.each([
    ["create", CREATE],
    ["sign", SIGN],
    ["confirm", CONFIRM],
  ])("at %s for half an hour: it goes on where it was, with longer and longer pauses", async (_name, route) => {
    await till.faults({ [route]: { kind: "system_error" } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    const gaps: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      const again = await submitOrder(desk.ctx, id);
      gaps.push((again?.getTime() ?? 0) - till.sys.now().getTime());
    }
    expect(gaps.at(-1)).toBeGreaterThan(seconds(20));
    till.advance(minutes(30));
    await till.faults({});

    await comeRound(2);

    await expectOneConfirmed("shop-owner@example.test", id);
    await expectSound(desk.ctx);
  });

  it("at the question about a confirmation: nothing is confirmed again until it answers", async () => {
    await till.faults({ [CONFIRM]: { kind: "bad_signature", times: 1 }, [QUERY]: { kind: "error500" } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    await submitOrder(desk.ctx, id);
    expect(await desk.order(id)).toMatchObject({ status: "init", step: "confirming", failureCode: null });
    await till.faults({});
    // Beyond the hour of the batch, too: it was submitted in time.
    till.advance(hours(2));

    await till.work();

    await expectOneConfirmed("shop-owner@example.test", id);
    expect(await desk.batches()).toHaveLength(1);
  });
});

describe("a batch that died", { timeout: LONG_MS }, () => {
  it("after an hour is begun anew by itself", async () => {
    await till.faults({ [SIGN]: { kind: "system_error", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    till.advance(minutes(61));

    await till.work();

    await expectOneConfirmed("shop-owner@example.test", id);
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(["timeout", "submit"]);
    expect(await desk.ends(id)).toEqual(["expired", "submitted"]);
    await expectSound(desk.ctx);
  });

  it("is not waited for: with less than five minutes left it is cancelled, and a new one begun", async () => {
    await till.faults({ [SIGN]: { kind: "system_error", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    till.advance(minutes(56));

    await till.work();

    await expectOneConfirmed("shop-owner@example.test", id);
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(["cancel", "submit"]);
    expect(await desk.ends(id)).toEqual(["cancelled", "submitted"]);
    expect(await desk.events(id)).toContain("batch_cancel");
  });

  it("at Alipay before its time is begun anew, whichever call learns of it", async () => {
    for (const route of [SIGN, CONFIRM]) {
      await till.faults({ [route]: { kind: "system_error", times: 1 } });
      const account = route === SIGN ? "sign@example.test" : "confirm@example.test";
      const { id } = await desk.apply({ account });
      await submitOrder(desk.ctx, id);
      const [open] = (await desk.batches()).filter((batch) => batch.account === account);
      await desk.act("expire", open?.batchNo ?? "");

      till.advance(minutes(11));
      await till.work();

      await expectOneConfirmed(account, id);
      expect(await desk.ends(id)).toEqual(["expired", "submitted"]);
    }
    await expectSound(desk.ctx);
  });

  it("while nobody knows whether it was confirmed is cancelled before another is begun", async () => {
    await till.faults({ [CONFIRM]: { kind: "system_error", times: 1 } });
    const { id } = await desk.apply();
    await submitOrder(desk.ctx, id);
    till.advance(minutes(57));

    await till.work();

    await expectOneConfirmed("shop-owner@example.test", id);
    expect((await desk.batches()).map(({ batchStatus }) => batchStatus)).toEqual(["cancel", "submit"]);
    expect((await desk.calls(id)).map(({ method }) => method).slice(3, 6)).toEqual(["order.query", "cancel", "create"]);
  });
});
