import { describe, expect, it } from "vitest";
import type { CivilDate } from "~/lib/time";
import { DATE_PRESETS, presetOf, presetRange, readRange } from "./date-presets";

const today = "2026-03-01" as CivilDate;

describe("presetRange", () => {
  it.each([
    ["today", "2026-03-01", "2026-03-01"],
    ["yesterday", "2026-02-28", "2026-02-28"],
    ["last7", "2026-02-23", "2026-03-01"],
    ["last30", "2026-01-31", "2026-03-01"],
    ["month", "2026-03-01", "2026-03-01"],
    ["lastMonth", "2026-02-01", "2026-02-28"],
  ] as const)("%s includes both its ends", (preset, from, to) => {
    expect(presetRange(preset, today)).toEqual({ from, to });
  });

  it("is found again from its range", () => {
    const midMonth = "2026-03-17" as CivilDate;

    for (const preset of DATE_PRESETS) expect(presetOf(presetRange(preset, midMonth), midMonth)).toBe(preset);
    expect(presetOf({ from: "2026-03-02" as CivilDate, to: "2026-03-05" as CivilDate }, midMonth)).toBeNull();
  });
});

describe("readRange", () => {
  it("takes two days in order and nothing else", () => {
    expect(readRange("2026-02-01", "2026-02-28")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(readRange("2026-02-28", "2026-02-01")).toBeNull();
    expect(readRange("2026-02-30", "2026-03-01")).toBeNull();
    expect(readRange("", "2026-03-01")).toBeNull();
    expect(readRange("yesterday", "today")).toBeNull();
  });
});
