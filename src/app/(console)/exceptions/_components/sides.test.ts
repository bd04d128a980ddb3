import { expect, it } from "vitest";
import { CASE_KINDS } from "~/domain/exception";
import { sidesOf, type Told } from "./sides";

const told = (more: Partial<Told> = {}): Told => ({
  kind: "wrong_amount",
  facts: {
    theirState: "TRADE_SUCCESS",
    theirAmount: "1286.00",
    theirAppId: "2021",
    theirSellerId: "2088",
    theirTradeNo: "T1",
    theirPaidAt: "2026-11-20T02:09:40.000Z",
    ourState: "awaiting",
    ourPaymentState: "pending",
    ourAmount: "268.00",
    ourAppId: "2021",
    ourSellerId: "2088",
    ourTradeNo: null,
  },
  outTradeNo: "txn_1",
  transactionId: "txn_1",
  channelAppId: "2021",
  channelSellerId: "2088",
  paidAt: null,
  paymentClosedAt: null,
  ...more,
});
const differing = (one: Told) =>
  sidesOf(one, "zh")
    .filter(({ differs }) => differs)
    .map(({ key }) => key);

it("marks the amount alone when only the amount is wrong", () => {
  expect(differing(told())).toEqual(["amount"]);
  expect(sidesOf(told(), "zh").find(({ key }) => key === "amount")).toMatchObject({ theirs: "1,286.00", ours: "268.00" });
  expect(sidesOf(told(), "zh").find(({ key }) => key === "state")).toMatchObject({ theirs: "TRADE_SUCCESS", ours: "待支付" });
});

it("marks number, amount and state of an order that is not ours, and compares identities with the channel's", () => {
  const facts = { theirState: "SUCCESS", theirAmount: "88.00", theirAppId: "wx2", theirSellerId: "2088", ourState: null, ourAmount: null };

  expect(differing(told({ kind: "unknown_order", facts, transactionId: null }))).toEqual(["amount", "state", "number", "app"]);
});

it("marks a second trade number only against a first one", () => {
  const facts = { ...told().facts, ourTradeNo: "T0", theirAmount: "268.00" };

  expect(differing(told({ facts }))).toEqual(["tradeNo"]);
});

it("leaves out what nobody says, and survives facts of every kind", () => {
  for (const kind of CASE_KINDS)
    expect(sidesOf(told({ kind, facts: {}, outTradeNo: null, channelAppId: null, channelSellerId: null }), "en")).toEqual([]);
});
