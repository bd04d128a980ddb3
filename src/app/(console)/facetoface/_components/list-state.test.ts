import { expect, it } from "vitest";
import { ListFacetoface } from "~/domain/facetoface-input";
import { countInput, filterInput, LIST_DEFAULTS, LIST_STATUSES, listInput, readListState } from "./list-state";

const state = (change: Partial<Record<keyof typeof LIST_DEFAULTS, string>> = {}) => ({ ...LIST_DEFAULTS, ...change });

it("reads an address as the procedures take it", () => {
  const read = listInput(state({ q: " 晓静 ", status: "attention", from: "2026-11-01", to: "2026-11-20", after: "abc" }));

  expect(read).toEqual({ q: "晓静", status: "attention", from: "2026-11-01", to: "2026-11-20", limit: 50, cursor: "abc" });
  expect(ListFacetoface.parse(read)).toEqual(read);
  expect(LIST_STATUSES.every((status) => ListFacetoface.safeParse({ status }).success)).toBe(true);
});

it("leaves out what does not fit, so that no address is refused", () => {
  const wrong = state({ q: "a\u0007b", status: "paid", from: "2026-02-30", to: "x", after: "y".repeat(300) });

  expect(listInput(wrong)).toEqual({ limit: 50 });
  expect(filterInput(state({ q: "长".repeat(65) }))).toEqual({});
});

it("counts every status of the same filter", () => {
  expect(countInput(state({ q: "晓静", status: "closed" }))).toEqual({ q: "晓静" });
});

it("takes the first of nothing from a name that is given twice", () => {
  expect(readListState({ q: ["a", "b"], status: "init" })).toEqual(state({ status: "init" }));
});
