import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { changeOf, percentOf, pointsOf } from "./change";

describe("changeOf", () => {
  it.each([
    [18_642_050n, 17_190_800n, { direction: "rose", text: "8.4%" }],
    [4_231_860n, 4_500_210n, { direction: "fell", text: "6.0%" }],
    [2n, 1n, { direction: "rose", text: "100.0%" }],
    [0n, 500n, { direction: "fell", text: "100.0%" }],
    [500n, 500n, { direction: "same" }],
    [0n, 0n, { direction: "same" }],
    [500n, 0n, { direction: "new" }],
  ] as const)("%s against %s", (now, before, change) => {
    expect(changeOf(fen(now), fen(before))).toEqual(change);
  });
});

describe("pointsOf", () => {
  it("is a distance in percent points", () => {
    expect(pointsOf(978, 981)).toEqual({ direction: "fell", text: "0.3" });
    expect(pointsOf(1_000, 0)).toEqual({ direction: "rose", text: "100.0" });
    expect(percentOf(978)).toBe("97.8");
  });
});
