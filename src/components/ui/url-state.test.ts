import { describe, expect, it } from "vitest";
import { readUrlState, writeUrlState } from "./url-state";

const defaults = { q: "", status: "all", open: "" };

describe("URL state", () => {
  it("is the defaults while the address says nothing", () => {
    expect(readUrlState(defaults, new URLSearchParams())).toEqual(defaults);
  });

  it("leaves defaults out of the address", () => {
    expect(writeUrlState(defaults, { q: "", status: "all", open: "" }, new URLSearchParams("status=paid"))).toBe("");
    expect(writeUrlState(defaults, { q: "SO 1", status: "paid", open: "" }, new URLSearchParams())).toBe("?q=SO+1&status=paid");
  });

  it("keeps what belongs to others", () => {
    expect(writeUrlState(defaults, { ...defaults, q: "x" }, new URLSearchParams("tab=raw"))).toBe("?tab=raw&q=x");
  });

  it("reads back what it wrote", () => {
    const state = { q: "视觉 & 检测", status: "closed", open: "pay_1" };

    expect(readUrlState(defaults, new URLSearchParams(writeUrlState(defaults, state, new URLSearchParams())))).toEqual(state);
  });
});
