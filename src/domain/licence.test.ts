import { expect, it } from "vitest";
import { creditCodeFits } from "./licence";

it.each(["91330100799655058B", "91440300708461136T", "9111000071093123XX"])("%s fits its last character", (code) => {
  expect(creditCodeFits(code)).toBe(true);
});

it.each(["91330100799655058C", "91330100799655085B", "91440300708461137T"])("%s does not, one character was mistyped", (code) => {
  expect(creditCodeFits(code)).toBe(false);
});

it("does not judge the older fifteen digits", () => {
  expect(creditCodeFits("110108003535423")).toBe(true);
});
