import { describe, expect, it } from "vitest";
import { activeFaults, EMPTY_DRAFT, faultFrom, faultKey, type Scope, scopeOf } from "./fault-key";

const ROUTE = "POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close";

describe("the key of a scope", () => {
  it.each<[Partial<Scope>, string]>([
    [{}, "alipay"],
    [{ account: "2021000000000001" }, "alipay:2021000000000001"],
    [{ route: "alipay.trade.query" }, "alipay.trade.query"],
    [{ route: "alipay.trade.query", account: "2021000000000001" }, "alipay:2021000000000001.alipay.trade.query"],
    [{ provider: "wechat", route: ROUTE }, `wechat.${ROUTE}`],
    [{ provider: "wechat", route: ROUTE, account: "1900000001" }, `wechat:1900000001.${ROUTE}`],
    [{ side: "notification" }, "notify.alipay"],
    [{ side: "notification", provider: "wechat", account: "1900000001" }, "notify.wechat:1900000001"],
  ])("%j is %s, and reads back", (part, key) => {
    const scope: Scope = { side: "request", provider: "alipay", route: null, account: null, ...part };
    expect(faultKey(scope)).toBe(key);
    expect(scopeOf(key)).toEqual(scope);
  });

  it("is none for other texts", () => {
    expect(scopeOf("unionpay")).toBeNull();
  });
});

describe("the switch that a draft asks for", () => {
  it("takes only what was typed, and only what the kind knows", () => {
    expect(faultFrom("hang", EMPTY_DRAFT)).toEqual({ kind: "hang" });
    expect(faultFrom("slow", { ...EMPTY_DRAFT, times: "2", delayMs: "500", copies: "9" })).toEqual({
      kind: "slow",
      times: 2,
      delayMs: 500,
    });
  });

  it.each([{ times: "0" }, { times: "1.5" }, { percent: "101" }, { percent: "a" }])("refuses %j", (part) => {
    expect(faultFrom("hang", { ...EMPTY_DRAFT, ...part })).toBeNull();
  });
});

it("counts a switch that has struck as often as it may as off", () => {
  const faults = { alipay: { kind: "hang", times: 1, left: 0, struck: 1 }, wechat: { kind: "hang", left: null, struck: 9 } };
  expect(activeFaults(faults).map(([key]) => key)).toEqual(["wechat"]);
});
