import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import { feeByRate, feeInFen, readyAt } from "./reconciliation";

describe("a fee by the statement's own rate", () => {
  it.each([
    [1_999n, "0.60%", 11_994n],
    [10_000n, "0.6%", 60_000n],
    [100n, "1%", 1_000n],
    [9_999_999_999n, "0.6000%", 59_999_999_994n],
    [1n, "0.38%", 3n],
  ])("of %d fen at %s is %d thousandths of a fen", (amount, rate, fee) => {
    expect(feeByRate(fen(amount), rate)).toBe(fee);
  });

  it.each([null, "", "0", "0.60", "%", "0.60000%", "-0.60%", "1e1%"])("is not made up from %j", (rate) => {
    expect(feeByRate(fen(1_999n), rate)).toBeNull();
  });

  it("rounds to the fen half up, away from zero", () => {
    expect([11_994n, 12_500n, 499n, 500n, -500n, -499n, 0n].map((fee) => feeInFen(fee))).toEqual([12n, 13n, 0n, 1n, -1n, 0n, 0n]);
  });
});

it("a statement can be there from 10:00 Beijing of the next day on", () => {
  expect(readyAt("2026-02-28" as CivilDate).toISOString()).toBe("2026-03-01T02:00:00.000Z");
});
