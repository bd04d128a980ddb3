import { describe, expect, it } from "vitest";
import { paymentMachine } from "~/domain/payment";
import { after, minutes } from "~/lib/time";
import { reasonsOf } from "./reasons";

const now = new Date("2026-11-20T02:42:00Z");
const pending = { status: "pending", cancelRequestedAt: null, expiresAt: after(now, minutes(5)) } as const;
const may = { write: true };

describe("reasonsOf", () => {
  it("lets somebody with the role ask, cancel and share a pending payment", () => {
    expect(reasonsOf({ payment: pending, attempts: [{ status: "unknown" }] }, may, now)).toEqual({ query: null, cancel: null, link: null });
  });

  it("asks only about attempts that may still turn into money", () => {
    for (const status of ["succeeded", "closed", "failed"] as const) {
      expect(reasonsOf({ payment: pending, attempts: [{ status }] }, may, now).query).toBe("noOpenAttempt");
    }
  });

  it("cancels nothing that has ended, as the machine says", () => {
    for (const status of paymentMachine.states.filter((state) => !paymentMachine.can(state, "close"))) {
      expect(reasonsOf({ payment: { ...pending, status }, attempts: [] }, may, now)).toMatchObject({ cancel: "ended", link: "ended" });
    }
  });

  it("says that a cancellation is under way, and that a link has expired", () => {
    expect(reasonsOf({ payment: { ...pending, cancelRequestedAt: now }, attempts: [] }, may, now).cancel).toBe("cancelling");
    expect(reasonsOf({ payment: { ...pending, expiresAt: now }, attempts: [] }, may, now).link).toBe("expired");
  });

  it("names the role first, and lets everybody read the link", () => {
    expect(reasonsOf({ payment: pending, attempts: [{ status: "awaiting" }] }, { write: false }, now)).toEqual({
      query: "role",
      cancel: "role",
      link: null,
    });
  });
});
