import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { fenFromTyped, typedFromFen } from "./money-text";

describe("fenFromTyped", () => {
  it.each([
    ["1,234.5元", 123_450n],
    ["¥ 1234.50", 123_450n],
    ["１２．５", 1_250n],
    ["￥8", 800n],
    ["0.01", 1n],
    ["12,345,678.9", 1_234_567_890n],
    ["100 CNY", 10_000n],
  ])("reads %s", (typed, expected) => {
    expect(fenFromTyped(typed)).toBe(expected);
  });

  it.each(["", "1.234", "12,34", "1,2345", "-1", "1e3", "1.", ".5", "1 2a", "一百", "12345678901234"])("refuses %j", (typed) => {
    expect(fenFromTyped(typed)).toBeNull();
  });

  it("writes what it can read again", () => {
    expect(fenFromTyped(typedFromFen(fen(123_456_789n)))).toBe(123_456_789n);
    expect(typedFromFen(null)).toBe("");
  });
});
