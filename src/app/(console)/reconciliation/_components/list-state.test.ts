import { expect, it } from "vitest";
import { GetCalendar, ListDifferences } from "~/domain/reconciliation-input";
import { calendarInput, HOME_DEFAULTS, openInput, readState } from "./list-state";

it("leaves out of the address what the procedures would refuse", () => {
  const state = readState(HOME_DEFAULTS, { month: "2026-13", q: "单号 1", kind: "nonsense", owner: "you", after: ["a", "b"] });

  expect(calendarInput(state)).toEqual({});
  expect(openInput(state)).toEqual({ status: "open", limit: 50 });
});

it("asks for what the address says, in words that the procedures take", () => {
  const state = readState(HOME_DEFAULTS, { month: "2026-11", q: " pay_1 ", kind: "late", owner: "me", after: "c1" });

  expect(GetCalendar.parse(calendarInput(state))).toEqual({ month: "2026-11" });
  expect(ListDifferences.parse(openInput(state))).toMatchObject({ q: "pay_1", kind: "late", owner: "me", cursor: "c1", status: "open" });
});
