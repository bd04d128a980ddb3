import { describe, expect, it } from "vitest";
import { routersOf } from "./live-map";

describe("routersOf", () => {
  it("names what an event touches, and the audit", () => {
    expect(routersOf("payment.settle")).toEqual(["payment", "dashboard", "exception", "event"]);
  });

  it("asks for everything after a gap and after news that it does not know", () => {
    expect(routersOf("gap")).toEqual(["*"]);
    expect(routersOf("quota.spend")).toEqual(["*"]);
  });
});
