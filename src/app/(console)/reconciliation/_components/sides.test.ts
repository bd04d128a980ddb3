import { expect, it } from "vitest";
import { DIFFERENCE_KINDS } from "~/domain/reconciliation";
import { fen } from "~/lib/money";
import { feeText } from "./fee-text";
import { gapOf } from "./gap";
import { sidesOf, type Told } from "./sides";

const told = (more: Partial<Told> = {}): Told => ({
  kind: "amount",
  outTradeNo: "txn_1",
  tradeNo: "2026112022001",
  refundNo: null,
  ourFen: fen(26_800n),
  theirFen: fen(128_600n),
  ourFee: null,
  theirFee: 77_160n,
  facts: { ourState: "succeeded", theirState: "交易", ourAt: "2026-11-20T02:09:40.000Z", theirAt: "2026-11-20T02:09:41.000Z" },
  ...more,
});
const differing = (one: Told) =>
  sidesOf(one, "zh")
    .filter(({ differs }) => differs)
    .map(({ key }) => key);

it("marks the amount alone when only the amount differs", () => {
  expect(differing(told())).toEqual(["amount"]);
  expect(sidesOf(told(), "zh").find(({ key }) => key === "state")).toMatchObject({ theirs: "交易", ours: "成功" });
  expect(gapOf(told())).toBe(101_800n);
});

it("marks all that one side does not have", () => {
  const one = told({ kind: "missing_here", ourFen: null, facts: { ...told().facts, ourState: null, ourAt: null } });

  expect(differing(one)).toEqual(["amount", "state", "outTradeNo"]);
  expect(gapOf(one)).toBe(128_600n);
  expect(gapOf(told({ kind: "missing_there", theirFen: null }))).toBe(-26_800n);
});

it("counts a fee's gap in fees, and shows the thousandths that WeChat Pay writes", () => {
  const one = told({ kind: "fee", theirFen: fen(26_800n), theirFee: 161_000n, ourFee: 160_800n });

  expect(differing(one)).toEqual(["fee"]);
  expect(gapOf(told({ kind: "fee", theirFee: 163_000n, ourFee: 161_000n }))).toBe(2n);
  expect([feeText(160_800n), feeText(161_000n), feeText(60_125n), feeText(-125n), feeText(0n), feeText(null)]).toEqual([
    "1.608",
    "1.61",
    "0.60125",
    "−0.00125",
    "0.00",
    null,
  ]);
});

it("survives facts of every kind", () => {
  for (const kind of DIFFERENCE_KINDS) {
    const facts = { ourState: "brand_new", theirState: null, ourAt: "never", theirAt: null };
    expect(sidesOf(told({ kind, facts }), "en").length).toBeGreaterThan(0);
  }
});
