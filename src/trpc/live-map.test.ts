import { describe, expect, it } from "vitest";
import { routersOf } from "./live-map";

describe("routersOf", () => {
  it("names what an event touches, and the audit", () => {
    expect(routersOf("payment.settle")).toEqual(["payment", "dashboard", "exception", "event"]);
  });

  it("leaves the screens alone when a picture is stored: only the audit changes", () => {
    expect(routersOf("picture.store")).toEqual(["event"]);
    expect(routersOf("facetoface.approve")).toEqual(["facetoface", "dashboard", "event"]);
  });

  it("refreshes the calendar with a day, and what waits for somebody with a difference", () => {
    expect(routersOf("reconciliation.balance")).toEqual(["reconciliation", "event"]);
    expect(routersOf("difference.open")).toEqual(["reconciliation", "dashboard", "event"]);
  });

  it("asks for everything after a gap and after news that it does not know", () => {
    expect(routersOf("gap")).toEqual(["*"]);
    expect(routersOf("quota.spend")).toEqual(["*"]);
  });
});
