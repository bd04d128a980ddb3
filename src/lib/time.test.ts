import { describe, expect, it } from "vitest";
import {
  addDays,
  beijingDate,
  beijingRfc3339,
  beijingText,
  durationMs,
  instantFromBeijing,
  instantFromRfc3339,
  startOfBeijingDate,
} from "./time";

describe("Beijing wall clock", () => {
  it("is eight hours ahead, whatever zone the process runs in", () => {
    const instant = new Date("2025-12-31T16:00:00Z");

    expect(beijingText(instant)).toBe("2026-01-01 00:00:00");
    expect(beijingRfc3339(instant)).toBe("2026-01-01T00:00:00+08:00");
    expect(beijingDate(instant)).toBe("2026-01-01");
    expect(instantFromBeijing("2026-01-01 00:00:00")).toEqual(instant);
  });

  it.each(["2026-02-30 00:00:00", "2026-01-01", "2026-13-01 00:00:00", "2026-01-01 24:00:00", "01/01/2026"])("refuses %s", (text) => {
    expect(() => instantFromBeijing(text)).toThrow();
  });

  it("keeps milliseconds of refunds", () => {
    expect(instantFromBeijing("2026-01-01 08:00:00.123").getUTCMilliseconds()).toBe(123);
  });

  it("counts civil days over a month's end", () => {
    const day = beijingDate(new Date("2026-02-27T16:00:00Z"));

    expect(addDays(day, 1)).toBe("2026-03-01");
    expect(startOfBeijingDate(day).toISOString()).toBe("2026-02-27T16:00:00.000Z");
  });
});

it("reads RFC 3339 with an offset and nothing looser", () => {
  expect(instantFromRfc3339("2026-01-01T08:05:00+08:00").toISOString()).toBe("2026-01-01T00:05:00.000Z");
  expect(() => instantFromRfc3339("2026-01-01 08:05:00")).toThrow();
});

it.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["2h", 7_200_000],
  ["3d", 259_200_000],
  ["PT15M", 900_000],
  ["P1DT2H", 93_600_000],
])("reads the duration %s", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

it.each(["", "P", "PT", "15", "-1h", "1w"])("refuses the duration %j", (text) => {
  expect(() => durationMs(text)).toThrow("not a duration");
});
