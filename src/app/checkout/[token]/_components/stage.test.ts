import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { after, minutes } from "~/lib/time";
import { type Attempt, alternativeTo, type CheckoutView, deviceOf, methodsOn, refusalOf, stageOf, type Wishes } from "./stage";

const now = new Date("2026-11-20T02:28:46Z");
const nothing: Wishes = { method: null, choosing: false, claimed: false, failure: null };

const viewOf = (over: Partial<CheckoutView> = {}): CheckoutView => ({
  merchant: "禾川智能装备",
  orderNo: "SO1",
  subject: "尾款",
  body: null,
  amountFen: fen(100n),
  status: "pending",
  closeReason: null,
  expiresAt: after(now, minutes(30)),
  createdAt: now,
  paidAt: null,
  cancelling: false,
  environment: "simulator",
  returnUrl: null,
  methods: ["alipay_pc", "alipay_wap", "alipay_qr", "wechat_native", "wechat_h5"],
  attempts: [],
  receipt: null,
  doubt: null,
  now,
  ...over,
});

const code = { kind: "qr" as const, text: "https://qr.example/1", expiresAt: after(now, minutes(30)) };
const attemptOf = (over: Partial<Attempt> = {}): Attempt =>
  ({
    id: "txn_1",
    provider: "alipay",
    method: "alipay_qr",
    status: "awaiting",
    failureCode: null,
    answered: false,
    launch: code,
    createdAt: now,
    ...over,
  }) as Attempt;
const wechat = attemptOf({ provider: "wechat", method: "wechat_native" });

const stage = (view: Partial<CheckoutView>, wishes: Partial<Wishes> = {}) => stageOf(viewOf(view), { ...nothing, ...wishes }, now);

describe("stageOf", () => {
  it("begins with a choice, and stays there while an attempt has no link or code yet", () => {
    expect(stage({})).toEqual({ name: "choose" });
    expect(stage({ attempts: [attemptOf({ status: "created", launch: null })] })).toEqual({ name: "choose" });
  });

  it("waits with the newest attempt, or with the one that the buyer looks at", () => {
    const attempts = [wechat, attemptOf()];

    expect(stage({ attempts })).toMatchObject({ name: "waiting", attempt: { method: "wechat_native" } });
    expect(stage({ attempts }, { method: "alipay_qr" })).toMatchObject({ name: "waiting", attempt: { method: "alipay_qr" } });
  });

  it("shows the methods again when the buyer asks for them", () => {
    expect(stage({ attempts: [attemptOf()] }, { choosing: true })).toEqual({ name: "choose" });
  });

  it("never offers to pay while an outcome is unknown, whatever else is open or wished", () => {
    const attempts = [wechat, attemptOf({ status: "unknown", launch: null })];

    expect(stage({ attempts }, { choosing: true, method: "wechat_native" })).toEqual({
      name: "checking",
      why: "unknown",
      provider: "alipay",
    });
    expect(stage({ attempts: [wechat] }, { claimed: true, choosing: true })).toEqual({
      name: "checking",
      why: "claimed",
      provider: "wechat",
    });
    expect(stage({}, { failure: { kind: "unknown", code: "timeout", method: "wechat_native" } })).toMatchObject({
      name: "checking",
      provider: "wechat",
    });
  });

  it("lets a buyer try again once the provider has said that nobody paid what nobody was given", () => {
    const attempts = [attemptOf({ status: "unknown", answered: true, launch: null })];

    expect(stage({ attempts })).toMatchObject({ name: "failed", why: "unanswered" });
  });

  it("goes on waiting with a code that a buyer holds once the provider has said that nobody paid it", () => {
    expect(stage({ attempts: [attemptOf({ status: "unknown", answered: true })] })).toMatchObject({ name: "waiting" });
  });

  it("tells a refusal apart from what was never sent, also after a reload", () => {
    expect(stage({}, { failure: { kind: "declined", code: "ACQ.X", method: "alipay_qr" } })).toMatchObject({
      name: "failed",
      why: "declined",
    });
    expect(stage({}, { failure: { kind: "unavailable", code: "x", method: "alipay_qr" } })).toMatchObject({
      name: "failed",
      why: "unsent",
    });
    expect(stage({ attempts: [attemptOf({ status: "failed", failureCode: "ACQ.X", launch: null })] })).toMatchObject({
      name: "failed",
      why: "declined",
    });
    expect(stage({ attempts: [attemptOf({ status: "failed", failureCode: "never_created", launch: null })] })).toMatchObject({
      why: "never_created",
    });
  });

  it("asks before it says that the time is over, when somebody could have paid", () => {
    const expiresAt = now;

    expect(stage({ expiresAt, attempts: [attemptOf()] })).toEqual({ name: "checking", why: "expiring", provider: "alipay" });
    expect(stage({ expiresAt, attempts: [attemptOf({ status: "closed", launch: null })] })).toMatchObject({
      name: "checking",
      why: "expiring",
    });
    expect(stage({ expiresAt })).toEqual({ name: "expired" });
  });

  it("shows how a payment ended", () => {
    expect(stage({ status: "closed", closeReason: "expired" })).toEqual({ name: "expired" });
    expect(stage({ status: "closed", closeReason: "cancelled" })).toEqual({ name: "cancelled" });
    expect(stage({ cancelling: true })).toEqual({ name: "checking", why: "cancelling", provider: null });
    for (const status of ["paid", "refunding", "partially_refunded", "refunded"] as const)
      expect(stage({ status })).toEqual({ name: "paid" });
  });

  it("puts an open case above everything, but a refund that is looked into is no reason to hide a receipt", () => {
    const doubt = { kind: "paid_after_close" as const, amountFen: fen(100n) };

    for (const status of ["pending", "closed", "paid"] as const) expect(stage({ status, doubt })).toEqual({ name: "doubt", doubt });
    expect(stage({ status: "paid", paidAt: now, doubt: { ...doubt, kind: "refund_unknown" } })).toEqual({ name: "paid" });
  });

  it("leaves in-app payment to the merchant's own page", () => {
    const launch = { kind: "jsapi", params: {}, expiresAt: null } as unknown as Attempt["launch"];

    expect(stage({ attempts: [attemptOf({ method: "wechat_jsapi", launch })] })).toEqual({ name: "choose" });
  });
});

describe("methods", () => {
  it("are offered as the device can use them", () => {
    const { methods } = viewOf();

    expect(methodsOn("desktop", methods)).toEqual(["alipay_qr", "wechat_native", "alipay_pc"]);
    expect(methodsOn("phone", methods)).toEqual(["alipay_wap", "wechat_h5", "alipay_qr", "wechat_native"]);
    expect(methodsOn("desktop", ["wechat_native"])).toEqual(["wechat_native"]);
  });

  it.each([
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "phone"],
    ["Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "phone"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "desktop"],
    ["", "desktop"],
  ])("%s is a %s", (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));

  it("are changed for the other provider's first", () => {
    expect(alternativeTo("alipay_qr", ["alipay_qr", "wechat_native", "alipay_pc"])).toBe("wechat_native");
    expect(alternativeTo("alipay_qr", ["alipay_qr", "alipay_pc"])).toBe("alipay_pc");
    expect(alternativeTo("alipay_qr", ["alipay_qr"])).toBeNull();
  });
});

describe("refusalOf", () => {
  it.each([
    ["ACQ.BUYER_BALANCE_NOT_ENOUGH", "balance"],
    ["NOTENOUGH", "balance"],
    ["ACQ.TOTAL_FEE_EXCEED", "limit"],
    ["RULE_LIMIT", "limit"],
    ["ACQ.ACCESS_FORBIDDEN", "merchant"],
    ["isv.invalid-app-id", "merchant"],
    ["NO_AUTH", "merchant"],
    ["ACQ.SOMETHING_NEW", "other"],
    [null, "other"],
  ])("reads %s as %s", (given, reason) => expect(refusalOf(given)).toBe(reason));
});
