import { expect, it } from "vitest";
import { beijingText, instantFromBeijing } from "~/lib/time";
import type { DeliveryView, FacetofaceBatchView, RefundView, StateView, TradeView } from "../../control/types";
import { startOfNextMonth, timedOut, whatMoved } from "./moved";

const trade = (outTradeNo: string, part: Partial<TradeView> = {}): TradeView => ({
  provider: "wechat",
  account: "1900000001",
  outTradeNo,
  tradeNo: null,
  product: "NATIVE",
  state: "NOTPAY",
  amountFen: "100",
  payerFen: null,
  refundedFen: "0",
  subject: "书",
  payee: "书店",
  createdAt: "2026-11-20T02:00:00.000Z",
  expiresAt: "2026-11-20T02:30:00.000Z",
  paidAt: null,
  closedAt: null,
  buyer: null,
  notifyUrl: null,
  cashierUrl: "/cashier/x",
  code: null,
  ...part,
});
const refund = (state: string): RefundView => ({
  provider: "wechat",
  account: "1900000001",
  outTradeNo: "a",
  outRefundNo: "r",
  amountFen: "1",
  state,
  createdAt: "2026-11-20T02:00:00.000Z",
  endedAt: null,
});
const delivery = (id: string, accepted: boolean[]): DeliveryView => ({
  id,
  provider: "wechat",
  account: "1900000001",
  what: "TRANSACTION.SUCCESS",
  outTradeNo: "a",
  url: "http://127.0.0.1/notify",
  state: "pending",
  dueAt: null,
  attempts: accepted.map((ok) => ({ at: "", status: 200, accepted: ok, verdict: "", ms: 1, fault: null })),
});
const state = (now: string, part: Partial<StateView>): StateView => ({
  accounts: [],
  trades: [],
  refunds: [],
  deliveries: [],
  pendingDeliveries: 0,
  clock: { now, offsetMs: 0, movable: true },
  journalLast: 0,
  ...part,
});

it("counts what the jump itself changed: ends, refunds and deliveries, and nothing from before", () => {
  const before = state("2026-11-20T02:10:00.000Z", {
    trades: [
      trade("a"),
      trade("b"),
      trade("c", { paidAt: "2026-11-20T02:05:00.000Z" }),
      trade("d", { closedAt: "2026-11-20T02:05:00.000Z" }),
    ],
    refunds: [refund("PROCESSING")],
    deliveries: [delivery("one", [false])],
  });
  const after = state("2026-11-20T03:10:00.000Z", {
    trades: before.trades.map((item) => (item.outTradeNo === "b" ? { ...item, closedAt: "2026-11-20T02:30:00.000Z" } : item)),
    refunds: [refund("SUCCESS")],
    deliveries: [delivery("one", [false, false, true]), delivery("two", [true])],
  });

  expect(whatMoved(before, after)).toEqual({ closed: 1, expired: 1, refunds: 1, tries: 3, accepted: 2 });
});

it("counts applications that ran out of time in the jump, not those from before", () => {
  const batch = (
    batchNo: string,
    batchStatus: FacetofaceBatchView["batchStatus"],
    orderStatus: string | null = null,
  ): FacetofaceBatchView => ({
    batchNo,
    appId: "2021000000000001",
    batchStatus,
    orderNo: null,
    orderStatus,
    rejectReason: null,
    confirmUrl: null,
    account: "shop@example.com",
    shopName: null,
    pictures: [],
    createdAt: "2026-11-20T02:00:00.000Z",
    confirmedTimes: 0,
  });
  const before = [
    batch("a", "init"),
    batch("b", "submit", "MERCHANT_CONFIRM"),
    batch("c", "timeout"),
    batch("d", "submit", "MERCHANT_AUDITING"),
  ];
  const after = [batch("a", "timeout"), batch("b", "submit", "MERCHANT_CONFIRM_TIME_OUT"), ...before.slice(2)];

  expect(timedOut(before, after)).toBe(2);
});

it.each([
  ["2026-11-20 10:42:00", "2026-12-01 00:00:00"],
  ["2026-12-31 23:59:59", "2027-01-01 00:00:00"],
  ["2027-02-01 00:00:00", "2027-03-01 00:00:00"],
])("the month after %s begins at %s in Beijing", (now, start) => {
  expect(beijingText(startOfNextMonth(instantFromBeijing(now)))).toBe(start);
});
