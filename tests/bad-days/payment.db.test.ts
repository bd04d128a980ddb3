import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import { minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { paymentTransaction } from "~/server/db/schema";
import { cancelPayment, queryAttempt } from "~/server/services/payment";
import { booksOf, expectSound, messagesOf } from "~tests/support/books";
import { eventually } from "~tests/support/processes";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";

const WECHAT_CLOSE = "wechat.POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());

/** Each test has a tenant of its own with both channels. */
async function shop() {
  const ctx = await newTenant(till.sys);
  const alipay = await till.channel(ctx, "alipay");
  const wechat = await till.channel(ctx, "wechat");
  await till.faults({});
  return { ctx, alipay, wechat };
}

const rawAttempts = async (ctx: Ctx, paymentId: Id<"payment">) => {
  const rows = await ctx.read((tx) =>
    tx.select({ outTradeNo: paymentTransaction.outTradeNo }).from(paymentTransaction).where(eq(paymentTransaction.paymentId, paymentId)),
  );
  return { attempts: rows.map((row) => row.outTradeNo) };
};

describe("a payment at the simulator", () => {
  it.each(["alipay_qr", "wechat_native", "wechat_h5", "wechat_jsapi"] as const)(
    "by %s is settled by its signed callback",
    async (method) => {
      const { ctx } = await shop();
      const owed = await till.payment({ owner: ctx });
      const { transaction } = await till.attempt(owed.id, method, ctx);

      const { delivery } = await till.pay({ outTradeNo: transaction.outTradeNo });

      expect(delivery?.state).toBe("delivered");
      expect(await booksOf(ctx, owed.id)).toEqual({
        status: "paid",
        attempts: [{ method, status: "succeeded", receivedFen: 8_800n }],
        clearing: 8_800n,
        orders: -8_800n,
        atRisk: 0n,
        cases: [],
      });
      await till.work();
      await expectSound(ctx);
    },
  );

  it.each(["alipay_pc", "alipay_wap"] as const)("by %s is settled once the buyer went to the cashier", async (method) => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction, launch } = await till.attempt(owed.id, method, ctx);
    if (launch?.kind !== "redirect") throw new Error("a page payment jumps");
    expect((await fetch(launch.url)).status).toBe(200);

    await till.pay({ outTradeNo: transaction.outTradeNo });

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n });
    await till.work();
    await expectSound(ctx);
  });
});

describe("bad days", () => {
  it("CB-09 fifty copies of one callback at once are one payment and fifty successes", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
    await till.faults({ "notify.wechat": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });
    await till.faults({});

    const { attempts } = await till.message({ provider: "wechat", outTradeNo: transaction.outTradeNo, copies: 50 });

    expect(attempts).toHaveLength(50);
    expect(attempts.every((attempt) => attempt.accepted)).toBe(true);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n, atRisk: 0n, cases: [] });
    await till.work();
    await expectSound(ctx);
  });

  it("IDEM-04 a create that was done and timed out is unknown, and the callback settles it", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    await till.faults({ "wechat.POST /v3/pay/transactions/native": { kind: "do_then_timeout", times: 1 } });

    await expect(till.attempt(owed.id, "wechat_native", ctx)).rejects.toMatchObject({ kind: "unknown" });
    const [attempt] = (await booksOf(ctx, owed.id)).attempts;
    expect(attempt?.status).toBe("unknown");

    const again = await till.attempt(owed.id, "wechat_native", ctx);
    expect(again.launch?.kind).toBe("qr");
    await till.pay({ outTradeNo: again.transaction.outTradeNo });
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", attempts: [{ status: "succeeded" }] });
    await till.work();
    await expectSound(ctx);
  });

  it("a callback that comes before our create call has returned settles, and the late answer changes nothing", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    await till.faults({ "wechat.POST /v3/pay/transactions/native": { kind: "late_answer", times: 1, delayMs: 1_500 } });
    const starting = till.attempt(owed.id, "wechat_native", ctx);
    const outTradeNo = await eventually("the simulator has the trade", async () => {
      const { attempts } = await rawAttempts(ctx, owed.id);
      const known = (await till.state()).trades.some((trade) => trade.outTradeNo === attempts[0]);
      return known ? (attempts[0] ?? null) : null;
    });

    const { delivery } = await till.pay({ outTradeNo });
    await starting;

    expect(delivery?.state).toBe("delivered");
    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "paid",
      attempts: [{ status: "succeeded" }],
      clearing: 8_800n,
      orders: -8_800n,
    });
    await till.work();
    await expectSound(ctx);
  });

  it("a callback that is lost is made good by the query schedule", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });
    expect((await booksOf(ctx, owed.id)).status).toBe("pending");

    till.advance(minutes(1));
    await till.work();

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, cases: [] });
    await expectSound(ctx);
  });

  it("callback and query at the same moment book once", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });
    await till.faults({});

    await Promise.allSettled([
      till.message({ provider: "alipay", outTradeNo: transaction.outTradeNo, copies: 5 }),
      ...Array.from({ length: 5 }, () => queryAttempt(ctx, transaction.id)),
    ]);

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n, atRisk: 0n, cases: [] });
    await till.work();
    await expectSound(ctx);
  });

  it("the moment one attempt succeeds the others are closed at their providers", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const first = await till.attempt(owed.id, "wechat_native", ctx);
    const second = await till.attempt(owed.id, "alipay_qr", ctx);

    await till.pay({ outTradeNo: second.transaction.outTradeNo });
    await till.work();

    expect((await booksOf(ctx, owed.id)).attempts).toMatchObject([{ status: "closed" }, { status: "succeeded" }]);
    const trades = (await till.state()).trades;
    expect(trades.find((trade) => trade.outTradeNo === first.transaction.outTradeNo)?.state).toBe("CLOSED");
    await expectSound(ctx);
  });

  it("two methods paid: the second is booked at risk with a case", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const wechat = await till.attempt(owed.id, "wechat_native", ctx);
    const alipay = await till.attempt(owed.id, "alipay_qr", ctx);

    await till.pay({ outTradeNo: wechat.transaction.outTradeNo });
    const late = await till.pay({ outTradeNo: alipay.transaction.outTradeNo });

    expect(late.delivery?.state).toBe("delivered");
    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "paid",
      clearing: 17_600n,
      orders: -8_800n,
      atRisk: -8_800n,
      cases: [{ kind: "paid_twice", status: "open", amountFen: 8_800n }],
    });
    await till.work();
    await expectSound(ctx);
  });

  it("expiry closes at the provider before it closes here", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
    await till.faults({ [WECHAT_CLOSE]: { kind: "hang" } });

    till.advance(minutes(31));
    await till.work();
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", attempts: [{ status: "awaiting" }] });

    await till.faults({});
    till.advance(minutes(2));
    await till.work();
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "closed", attempts: [{ status: "closed" }] });
    const trade = (await till.state()).trades.find((one) => one.outTradeNo === transaction.outTradeNo);
    expect(trade?.state).toBe("CLOSED");
    await expectSound(ctx);
  });

  it.each([
    ["expiry", (_: Ctx, __: Id<"payment">) => till.advance(minutes(31))],
    ["cancelling", (ctx: Ctx, id: Id<"payment">) => cancelPayment(ctx, id, "test")],
  ])("%s is held up for seconds, not for a minute, by a provider that was away for a moment", async (_, end) => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    await till.attempt(owed.id, "wechat_native", ctx);
    await till.faults({ [WECHAT_CLOSE]: { kind: "rate_limited" } });
    await end(ctx, owed.id);
    await till.work();
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", attempts: [{ status: "awaiting" }] });

    await till.faults({});
    till.advance(seconds(10));
    await till.work();

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "closed", attempts: [{ status: "closed" }] });
    await expectSound(ctx);
  });

  it("paid at the last moment: expiry finds the money instead of closing", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
    await till.faults({ "notify.wechat": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });

    till.advance(minutes(31));
    await till.work();

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", cases: [] });
    await expectSound(ctx);
  });

  it("IDEM-05 a payment that lands after close is kept, booked at risk and put on the desk", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.scan(transaction.outTradeNo);
    const closed = await cancelPayment(ctx, owed.id, "test");
    expect(closed.status).toBe("closed");

    await till.pay({ outTradeNo: transaction.outTradeNo, force: true });

    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "closed",
      attempts: [{ status: "succeeded" }],
      clearing: 8_800n,
      orders: 0n,
      atRisk: -8_800n,
      cases: [{ kind: "paid_after_close", status: "open" }],
    });
    await till.work();
    await expectSound(ctx);
  });

  it("CB-05 an amount off by one fen is not believed, and the provider's own answer settles", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.faults({ "notify.alipay": { kind: "wrong_amount", times: 1 } });

    const { delivery } = await till.pay({ outTradeNo: transaction.outTradeNo });

    expect(delivery?.attempts.at(-1)?.accepted).toBe(false);
    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "pending",
      clearing: 0n,
      cases: [{ kind: "wrong_amount", status: "open" }],
    });
    await till.work();
    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "paid",
      clearing: 8_800n,
      cases: [{ kind: "wrong_amount", status: "dismissed" }],
    });
    await expectSound(ctx);
  });

  it.each(["wrong_app", "wrong_seller"])("CB-05 a signed message with %s opens a case and is refused", async (kind) => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.faults({ "notify.alipay": { kind, times: 1 } });

    const { delivery } = await till.pay({ outTradeNo: transaction.outTradeNo });

    expect(delivery?.attempts.at(-1)?.accepted).toBe(false);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", cases: [{ kind: "wrong_recipient" }] });
    await expectSound(ctx);
  });

  it("CB-03 another tenant's validly signed message changes nothing in either tenant", async () => {
    const victim = await shop();
    const attacker = await shop();
    const owed = await till.payment({ owner: victim.ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", victim.ctx);
    const own = await till.payment({ owner: attacker.ctx });
    const bait = await till.attempt(own.id, "alipay_qr", attacker.ctx);
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: bait.transaction.outTradeNo });
    await till.faults({});

    const { attempts } = await till.message({
      provider: "alipay",
      outTradeNo: bait.transaction.outTradeNo,
      channelNotifyUrl: `${till.appUrl}/api/payment/alipay/notify/${victim.alipay}`,
      fields: { out_trade_no: transaction.outTradeNo },
    });

    expect(attempts.every((attempt) => !attempt.accepted)).toBe(true);
    expect(await booksOf(victim.ctx, owed.id)).toMatchObject({ status: "pending", clearing: 0n, cases: [] });
    const [message] = await messagesOf(victim.ctx);
    expect(message).toMatchObject({ state: "refused", failedStep: "signature" });
    await expectSound(victim.ctx);
  });

  it.each(["tampered", "old_key", "probe", "stale_timestamp"])(
    "CB-06 a message that is %s is refused, kept with its step, and the real one that follows settles",
    async (twist) => {
      const { ctx } = await shop();
      const owed = await till.payment({ owner: ctx });
      const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
      await till.faults({ "notify.wechat": { kind: "drop" } });
      await till.pay({ outTradeNo: transaction.outTradeNo });
      await till.faults({});

      const forged = await till.message({ provider: "wechat", outTradeNo: transaction.outTradeNo, twist });
      expect(forged.attempts[0]).toMatchObject({ accepted: false, status: 401 });
      expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", clearing: 0n });
      const [kept] = await messagesOf(ctx);
      expect(kept?.state).toBe("refused");
      expect(kept?.failedStep).toBeTruthy();

      const real = await till.message({ provider: "wechat", outTradeNo: transaction.outTradeNo });
      expect(real.attempts[0]).toMatchObject({ accepted: true, status: 204 });
      expect((await booksOf(ctx, owed.id)).status).toBe("paid");
      await till.work();
      await expectSound(ctx);
    },
  );

  it("a message in GBK is verified in its own charset", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    await till.faults({ "notify.alipay": { kind: "gbk" } });

    await till.pay({ outTradeNo: transaction.outTradeNo });

    expect((await booksOf(ctx, owed.id)).status).toBe("paid");
    await expectSound(ctx);
  });

  it.each(["hang", "reset", "error500", "html502", "bad_signature", "unsigned"])(
    "CB-12 a query that is answered by %s leaves all as it was",
    async (kind) => {
      const { ctx } = await shop();
      const owed = await till.payment({ owner: ctx });
      const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
      await till.scan(transaction.outTradeNo);
      await till.faults({ "alipay.trade.query": { kind } });

      await expect(queryAttempt(ctx, transaction.id)).rejects.toMatchObject({ name: "ProviderError" });

      expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", attempts: [{ status: "awaiting" }] });
      await expectSound(ctx);
    },
  );

  it("an unknown order is put on the desk once and refused each time", async () => {
    const { ctx, wechat } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
    await till.faults({ "notify.wechat": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });
    await till.faults({});

    const stray = { provider: "wechat" as const, outTradeNo: transaction.outTradeNo, resource: { out_trade_no: "NOT_OURS_0001" } };
    const first = await till.message({ ...stray });
    const second = await till.message({ ...stray });

    expect([...first.attempts, ...second.attempts].map((attempt) => attempt.status)).toEqual([400, 400]);
    const cases = (await messagesOf(ctx)).filter((message) => message.state === "misfit" && message.channelId === wechat);
    expect(cases.length).toBeGreaterThan(0);
    await expectSound(ctx);
  });

  it("the queue may lose everything: what is due is found again in the table", async () => {
    const { ctx } = await shop();
    const owed = await till.payment({ owner: ctx });
    const { transaction } = await till.attempt(owed.id, "wechat_native", ctx);
    await till.attempt(owed.id, "alipay_qr", ctx);
    await till.pay({ outTradeNo: transaction.outTradeNo });

    till.advance(minutes(10));
    await till.work();

    expect((await booksOf(ctx, owed.id)).attempts).toMatchObject([{ status: "succeeded" }, { status: "closed" }]);
    await expectSound(ctx);
  });
});
