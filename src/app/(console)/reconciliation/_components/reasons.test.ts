import { expect, it } from "vitest";
import { type DayStatus, dayMachine } from "~/domain/reconciliation";
import { dayReasons, differenceReason } from "./reasons";

it("allows each state what the machine allows it, and says why it does not", () => {
  const of = (status: DayStatus) => dayReasons(status, "finance");

  expect(Object.fromEntries(dayMachine.states.map((status) => [status, [of(status).rerun, of(status).lock]]))).toEqual({
    waiting: ["waiting", "notBalanced"],
    failed: [null, "notBalanced"],
    differs: [null, "notBalanced"],
    balanced: [null, null],
    locked: ["locked", "notBalanced"],
  });
});

it("tells who may only look about the role first", () => {
  expect(dayReasons("differs", "viewer")).toEqual({ rerun: "role", lock: "role", unlock: "role" });
  expect(dayReasons("differs", null).rerun).toBe("role");
  expect(differenceReason("open", "admin")).toBe("role");
  expect(differenceReason("cleared", "owner")).toBe("ended");
  expect(differenceReason("open", "owner")).toBeNull();
});
