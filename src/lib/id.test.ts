import { describe, expect, it } from "vitest";
import { isId, newId, randomBase32 } from "./id";

describe("ids", () => {
  it("are never the same, however many are drawn", () => {
    const ids = Array.from({ length: 20_000 }, () => newId("payment"));

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !isId("payment", id))).toEqual([]);
  });

  it("come in any length", () => {
    for (const length of [1, 25, 26, 40, 1_663, 1_664, 1_665, 5_000])
      expect(randomBase32(length)).toMatch(new RegExp(`^[0-9a-hjkmnp-tv-z]{${length}}$`));
  });

  it("favour no character", () => {
    const counts = new Map<string, number>();
    for (const letter of randomBase32(64_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    for (let n = 0; n < 2_000; n += 1) for (const letter of randomBase32(32)) counts.set(letter, (counts.get(letter) ?? 0) + 1);

    expect(counts.size).toBe(32);
    // 4,000 expected of each; this is more than eleven standard deviations away.
    for (const count of counts.values()) expect(Math.abs(count - 4_000)).toBeLessThan(700);
  });
});
