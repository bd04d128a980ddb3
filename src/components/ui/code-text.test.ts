import { describe, expect, it } from "vitest";
import { diffLines, invisible, paramsOf } from "./code-text";

describe("paramsOf", () => {
  it("cuts at the first equals sign and decodes nothing", () => {
    expect(paramsOf("a=1&sign=x%2B==&flag")).toEqual([
      { name: "a", value: "1" },
      { name: "sign", value: "x%2B==" },
      { name: "flag", value: "" },
    ]);
  });
});

describe("diffLines", () => {
  it("marks only the characters that differ", () => {
    const [row] = diffLines(["total_amount=286.00"], ["total_amount=268.00"]);

    expect(row).toMatchObject({ same: false, alike: { start: 14, end: 3 } });
  });

  it("pairs lines by name where one side has more", () => {
    const rows = diffLines(["a=1", "b=2", "c=3"], ["a=1", "c=3", "d=4"]);

    expect(rows.map(({ theirs, ours, same }) => [theirs, ours, same])).toEqual([
      ["a=1", "a=1", true],
      ["b=2", null, false],
      ["c=3", "c=3", true],
      [null, "d=4", false],
    ]);
  });

  it("does not let the alike ends overlap", () => {
    expect(diffLines(["x=aa"], ["x=aaa"])[0]?.alike).toEqual({ start: 4, end: 0 });
  });
});

it("names what cannot be seen", () => {
  expect(invisible("\r")).toEqual({ name: "CR", code: "U+000D" });
  expect(invisible("\u00a0")).toEqual({ name: "NBSP", code: "U+00A0" });
  expect(invisible("a")).toBeNull();
});
