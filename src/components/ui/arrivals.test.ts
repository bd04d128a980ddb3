import { describe, expect, it } from "vitest";
import { sortArrivals } from "./arrivals";

const known = new Set(["c", "d"]);

describe("sortArrivals", () => {
  it("holds what would push the rows down", () => {
    const { shown, held, fresh } = sortArrivals(["a", "b", "c", "d"], known, true);

    expect([...held]).toEqual(["a", "b"]);
    expect([...shown]).toEqual(["c", "d"]);
    expect(fresh.size).toBe(0);
  });

  it("lets them in and tints them when nobody points at the table", () => {
    const { shown, fresh } = sortArrivals(["a", "c", "d"], known, false);

    expect([...shown]).toEqual(["a", "c", "d"]);
    expect([...fresh]).toEqual(["a"]);
  });

  it("does not take rows that move up from the next page for news", () => {
    expect(sortArrivals(["c", "d", "e"], known, true)).toMatchObject({ held: new Set(), fresh: new Set() });
  });

  it("takes a list without a known row for another list", () => {
    expect(sortArrivals(["x", "y"], known, true)).toMatchObject({ shown: new Set(["x", "y"]), held: new Set() });
  });
});
