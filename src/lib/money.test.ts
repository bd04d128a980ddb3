import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fen, fenFromText, fenFromYuan, sumFen, yuanDisplay, yuanText } from "./money";

describe("reading yuan", () => {
  it.each([
    ["19.99", 1_999n],
    ["0.29", 29n],
    ["1.15", 115n],
    ["12.3", 1_230n],
    ["7", 700n],
    ["100000000.00", 10_000_000_000n],
  ])("%s is %s fen, exactly", (text, expected) => {
    expect(fenFromYuan(text)).toBe(expected);
  });

  it.each(["", ".5", "1.", "1.234", "-1", "+1", "1,000.00", "1e3", "0x10", " 1", "1 ", "１", "NaN", "99999999999999"])(
    "refuses %j",
    (text) => {
      expect(() => fenFromYuan(text)).toThrow("not an amount");
    },
  );

  it("gives back what was written, for every amount", () => {
    fc.assert(fc.property(fc.bigInt(0n, 10n ** 14n), (amount) => fenFromYuan(yuanText(fen(amount))) === amount));
  });
});

it("reads whole fen only", () => {
  expect(fenFromText("1230")).toBe(1_230n);
  expect(() => fenFromText("12.30")).toThrow();
});

it("writes amounts for people with separators and a true minus", () => {
  expect(yuanDisplay(fen(999_999_999n))).toBe("9,999,999.99");
  expect(yuanDisplay(fen(-38_000n))).toBe("−380.00");
  expect(yuanDisplay(fen(5n))).toBe("0.05");
});

it("adds without rounding", () => {
  expect(sumFen([fen(1n), fen(2n), fen(3n)])).toBe(6n);
});
