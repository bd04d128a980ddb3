import { expect, it } from "vitest";
import type { CivilDate } from "~/lib/time";
import { addMonths, daysOfMonth, monthName, monthsBetween, readMonth, weekdayOf } from "./month";

it("counts months across the year", () => {
  expect(addMonths("2026-01", -1)).toBe("2025-12");
  expect(addMonths("2026-12", 1)).toBe("2027-01");
  expect(monthsBetween("2026-11", "2027-01")).toEqual(["2027-01", "2026-12", "2026-11"]);
});

it("knows the days of a month, also in a leap year", () => {
  expect(daysOfMonth("2026-02")).toHaveLength(28);
  expect(daysOfMonth("2028-02").at(-1)).toBe("2028-02-29");
  expect(daysOfMonth("2026-12").at(-1)).toBe("2026-12-31");
});

it("names a day's place in the week and a month in both languages", () => {
  expect(weekdayOf("2026-11-22" as CivilDate)).toBe(0);
  expect(weekdayOf("2026-11-20" as CivilDate)).toBe(5);
  expect([monthName("2026-03", "zh"), monthName("2026-03", "en")]).toEqual(["2026 年 3 月", "March 2026"]);
});

it("reads only months that an address may name", () => {
  expect([readMonth("2026-11"), readMonth("2026-13"), readMonth("11"), readMonth("")]).toEqual([
    "2026-11",
    undefined,
    undefined,
    undefined,
  ]);
});
