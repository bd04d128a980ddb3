import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { percentText } from "./share-bars";
import { chartAmount, ticksFor, unitFor } from "./trend-scale";

describe("trend scale", () => {
  it("has four or five round ticks that hold the highest point", () => {
    expect(ticksFor(38.6)).toEqual([0, 10, 20, 30, 40]);
    expect(ticksFor(40)).toEqual([0, 10, 20, 30, 40]);
    expect(ticksFor(7)).toEqual([0, 2, 4, 6, 8]);
    expect(ticksFor(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticksFor(0)).toEqual([0, 1]);
  });

  it("counts in 元, 万元 or 亿元 by the highest point", () => {
    expect(unitFor(fen(100n)).name).toBe("yuan");
    expect(unitFor(fen(9_999_900n)).name).toBe("yuan");
    expect(unitFor(fen(38_600_000n)).name).toBe("wan");
    expect(unitFor(fen(10_000_000_000n)).name).toBe("yi");
    expect(unitFor(fen(0n)).name).toBe("yuan");
  });

  it("shortens sums from one 亿 on", () => {
    expect(chartAmount(fen(12_800_000_000n), "zh")).toBe("1.28 亿");
    expect(chartAmount(fen(12_800_000_000n), "en")).toBe("128 M");
    expect(chartAmount(fen(9_999_999_999n), "zh")).toBe("99,999,999.99");
  });
});

describe("percentText", () => {
  it("rounds half up without a float", () => {
    expect(percentText(fen(9_621_000n), fen(18_642_050n))).toBe("51.6%");
    expect(percentText(fen(1n), fen(2000n))).toBe("0.1%");
    expect(percentText(fen(0n), fen(0n))).toBe("–");
  });
});
