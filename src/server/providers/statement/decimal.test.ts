import fc from "fast-check";
import { expect, it } from "vitest";
import { fen, yuanText } from "~/lib/money";
import { decimalsOf, scaled } from "./decimal";

it("reads any amount exactly", () => {
  fc.assert(fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), (amount) => scaled(yuanText(fen(amount)), 2) === amount));
});

it.each([
  ["19.99", 2, 1999n],
  ["-0.06", 2, -6n],
  ["-0.00", 2, 0n],
  ["0.0", 2, 0n],
  ["12", 2, 1200n],
  ["45.0", 0, 45n],
  ["45.5", 0, null],
  ["0.12000", 5, 12_000n],
  ["0.12000", 2, 12n],
  ["0.12345", 2, null],
  ["7.79000", 5, 779_000n],
  ["0.123456", 5, null],
  ["", 2, null],
  ["-", 2, null],
  ["+1.00", 2, null],
  [".5", 2, null],
  ["1.", 2, null],
  ["1,000.00", 2, null],
  ["1e3", 2, null],
  ["0x10", 2, null],
  ["١٢", 2, null],
  ["NaN", 2, null],
  ["99999999999999", 2, null],
])("reads %j with %i places as %s", (text, places, value) => {
  expect(scaled(text, places)).toBe(value);
});

it("counts the decimals that a text shows", () => {
  expect(["1", "1.0", "0.12000"].map(decimalsOf)).toEqual([0, 1, 5]);
});
