import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Id, newId } from "~/lib/id";
import { minutes, seconds } from "~/lib/time";
import { openTill, type Till } from "~tests/support/till";
import { askFromCheckout, cancelPayment, checkoutUrl, expirePayment, getCheckout, openCheckout, startFromCheckout } from "./index";

let till: Till;
beforeAll(async () => {
  till = await openTill();
  await till.channel(till.ctx, "alipay");
  await till.channel(till.ctx, "wechat");
});
afterEach(() => till.faults({}));
afterAll(() => till.close());

const origin = { ip: "192.0.2.1", requestId: newId("request") };
const tokenOf = async (paymentId: string) =>
  checkoutUrl(till.ctx, await till.ctx.vault(), paymentId)
    .split("/")
    .at(-1) ?? "";
const open = async (paymentId: Id<"payment">) => openCheckout(till.sys, await tokenOf(paymentId), origin);

describe("openCheckout", () => {
  it("opens one payment for its token, and nothing for any other", async () => {
    const payment = await till.payment();

    expect((await open(payment.id)).paymentId).toBe(payment.id);
    for (const token of ["0".repeat(26), "", payment.id]) {
      await expect(openCheckout(till.sys, token, origin)).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

describe("getCheckout", () => {
  it("tells a buyer what paying needs, and nothing of keys, people or other orders", async () => {
    const payment = await till.payment();
    await till.payment();
    const checkout = await open(payment.id);

    const view = await getCheckout(checkout);

    expect(view).toMatchObject({ orderNo: payment.orderNo, amountFen: 8_800n, status: "pending", environment: "simulator", attempts: [] });
    expect(view.methods).toEqual(["alipay_pc", "alipay_wap", "alipay_qr", "wechat_native", "wechat_h5"]);
    expect(Object.keys(view).sort()).toEqual([
      "amountFen",
      "attempts",
      "body",
      "cancelling",
      "closeReason",
      "createdAt",
      "doubt",
      "environment",
      "expiresAt",
      "merchant",
      "methods",
      "now",
      "orderNo",
      "paidAt",
      "receipt",
      "returnUrl",
      "status",
      "subject",
    ]);
  });

  it("hands out no code of a payment that is over", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await startFromCheckout(checkout, "alipay_qr", origin.ip);
    expect((await getCheckout(checkout)).attempts[0]?.launch).toMatchObject({ kind: "qr" });

    await cancelPayment(till.ctx, payment.id, "no longer wanted");

    const view = await getCheckout(checkout);
    expect(view).toMatchObject({ status: "closed", closeReason: "cancelled", cancelling: true });
    expect(view.attempts.map(({ launch }) => launch)).toEqual([null]);
  });
});

describe("askFromCheckout", () => {
  it("settles what was paid while the news of it was lost", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await startFromCheckout(checkout, "alipay_qr", origin.ip);
    const [attempt] = (await getCheckout(checkout)).attempts;
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: attempt?.id });
    expect((await getCheckout(checkout)).status).toBe("pending");

    expect(await askFromCheckout(checkout)).toEqual({ asked: 1, unanswered: [] });

    expect((await getCheckout(checkout)).status).toBe("paid");
  });

  it("asks a provider once in three seconds, however often the button is pressed", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await startFromCheckout(checkout, "wechat_native", origin.ip);

    expect((await askFromCheckout(checkout)).asked).toBe(1);
    expect((await askFromCheckout(checkout)).asked).toBe(0);
    till.advance(seconds(4));
    expect((await askFromCheckout(checkout)).asked).toBe(1);
  });

  it("says whose provider gave no answer, and changes nothing", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await startFromCheckout(checkout, "wechat_native", origin.ip);
    await till.faults({ wechat: { kind: "error500" } });

    expect(await askFromCheckout(checkout)).toEqual({ asked: 1, unanswered: ["wechat"] });

    expect((await getCheckout(checkout)).attempts[0]).toMatchObject({ status: "awaiting" });
  });

  it("finds money that came after the end when the buyer says that they paid", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await startFromCheckout(checkout, "alipay_qr", origin.ip);
    const [attempt] = (await getCheckout(checkout)).attempts;
    await till.scan(attempt?.id ?? "");
    till.advance(minutes(31));
    await expirePayment(till.ctx, payment.id);
    expect(await getCheckout(checkout)).toMatchObject({ status: "closed", closeReason: "expired", doubt: null });
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: attempt?.id, force: true });

    till.advance(minutes(1));
    expect((await askFromCheckout(checkout)).asked).toBe(1);

    expect(await getCheckout(checkout)).toMatchObject({ status: "closed", doubt: { kind: "paid_after_close", amountFen: 8_800n } });
  });
});

describe("an outcome that is unknown", () => {
  it("is answered once the provider has said that it knows the trade and that nobody paid; then the same number starts again", async () => {
    const payment = await till.payment();
    const checkout = await open(payment.id);
    await till.faults({ "wechat.POST /v3/pay/transactions/native": { kind: "do_then_timeout", times: 3 } });

    expect(await startFromCheckout(checkout, "wechat_native", origin.ip)).toMatchObject({ launch: null, failure: { kind: "unknown" } });
    expect((await getCheckout(checkout)).attempts).toMatchObject([{ status: "unknown", answered: false }]);

    await till.faults({});
    await askFromCheckout(checkout);
    expect((await getCheckout(checkout)).attempts).toMatchObject([{ status: "unknown", answered: true, launch: null }]);

    expect(await startFromCheckout(checkout, "wechat_native", origin.ip)).toMatchObject({ launch: { kind: "qr" }, failure: null });
    expect((await getCheckout(checkout)).attempts).toMatchObject([{ status: "awaiting", answered: false }]);
  });
});
