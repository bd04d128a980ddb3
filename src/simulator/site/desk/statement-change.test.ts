import { expect, it } from "vitest";
import { type StatementChange as Change, StatementChange, type StatementRowView } from "../../control/types";
import { changeOf, ROW_CHANGES } from "./statement-change";

const refund: StatementRowView = {
  kind: "refund",
  outTradeNo: "A",
  tradeNo: "T",
  refundNo: "R",
  amount: "-9.99",
  fee: "0.00",
  at: "2026-03-04T04:00:00.000Z",
  planted: null,
};

it("is one fen off, without the sign that Alipay writes", () => {
  expect(changeOf("amount", refund)).toEqual({ kind: "amount", outTradeNo: "A", refundNo: "R", amount: "10.00" });
});

it("names a payment by its order alone", () => {
  expect(changeOf("missing", { ...refund, kind: "payment", refundNo: null })).toEqual({ kind: "missing", outTradeNo: "A" });
});

it.each(ROW_CHANGES)("%s is a change that the control interface takes", (kind) => {
  const change: Change = changeOf(kind, refund);
  expect(StatementChange.parse(change)).toEqual(change);
});
