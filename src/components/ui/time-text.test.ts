import { describe, expect, it } from "vitest";
import { days, hours, minutes, seconds } from "~/lib/time";
import { ageOf, countdownText, dayText, timeText, timeTip } from "./time-text";

const at = new Date("2026-11-20T02:41:33.007Z");
const sameYear = new Date("2026-12-01T00:00:00Z");
const nextYear = new Date("2027-01-01T00:00:00Z");

describe("timeText", () => {
  it("writes Beijing time, with the year only if it is another", () => {
    expect(timeText(at, "list", sameYear)).toBe("11-20 10:41:33");
    expect(timeText(at, "list", nextYear)).toBe("2026-11-20 10:41:33");
    expect(timeText(at, "detail", sameYear)).toBe("2026-11-20 10:41:33");
    expect(timeText(at, "inbox", sameYear)).toBe("11-20 10:41:33.007");
    expect(timeText(at, "clock", sameYear)).toBe("10:41:33");
    expect(timeText(at, "minute", sameYear)).toBe("2026-11-20 10:41");
    expect(timeText(at, "day", nextYear)).toBe("2026-11-20");
  });

  it("counts the year in Beijing, where it begins eight hours early", () => {
    expect(timeText(new Date("2026-12-31T17:00:00Z"), "list", new Date("2026-12-31T15:00:00Z"))).toBe("2027-01-01 01:00:00");
  });

  it("tells both zones in the tooltip", () => {
    expect(timeTip(at)).toBe("2026-11-20 10:41:33 UTC+8\n2026-11-20 02:41:33 UTC");
  });
});

it("writes a civil day without its year while it is this year", () => {
  expect(dayText("2026-11-14" as never, sameYear)).toBe("11-14");
  expect(dayText("2025-11-14" as never, sameYear)).toBe("2025-11-14");
});

describe("ageOf", () => {
  it("uses the two largest units", () => {
    expect(ageOf(days(2) + hours(4) + minutes(9))).toEqual({ unit: "daysHours", days: 2, hours: 4 });
    expect(ageOf(hours(6))).toEqual({ unit: "hours", hours: 6 });
    expect(ageOf(minutes(18) + seconds(59))).toEqual({ unit: "minutes", minutes: 18 });
    expect(ageOf(seconds(5))).toEqual({ unit: "seconds", seconds: 5 });
    expect(ageOf(-1)).toEqual({ unit: "seconds", seconds: 0 });
  });
});

describe("countdownText", () => {
  it("ticks in minutes and seconds and ends at zero", () => {
    expect(countdownText(minutes(18) + seconds(32))).toBe("18:32");
    expect(countdownText(hours(1) + seconds(63))).toBe("1:01:03");
    expect(countdownText(-5)).toBe("00:00");
  });

  it("shows a second until it is over", () => {
    expect(countdownText(1)).toBe("00:01");
  });
});
