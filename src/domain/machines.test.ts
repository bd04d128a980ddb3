import { describe, expect, it } from "vitest";
import type { Machine } from "~/lib/state-machine";
import { channelMachine } from "./channel-status";
import { caseMachine } from "./exception";
import { notificationMachine } from "./notification";
import { paymentMachine, transactionMachine } from "./payment";
import { dayMachine, differenceMachine } from "./reconciliation";
import { tenantMachine } from "./tenant";

const machines: Record<string, Machine<string, string>> = {
  payment: paymentMachine,
  transaction: transactionMachine,
  exception: caseMachine,
  day: dayMachine,
  difference: differenceMachine,
  notification: notificationMachine,
  channel: channelMachine,
  tenant: tenantMachine,
} as unknown as Record<string, Machine<string, string>>;

/** Every state against every event, as one could print it: what is not here may not happen. */
const print = (machine: Machine<string, string>): string[] =>
  machine.states.map((state) => {
    const moves = Object.entries(machine.transitions)
      .filter(([event]) => machine.can(state, event))
      .map(([event, { to }]) => `${event} → ${to}`);
    return `${state}: ${moves.join(", ") || "final"}`;
  });

describe.each(Object.entries(machines))("the %s machine", (name, machine) => {
  it("moves only between its own states", () => {
    for (const { from, to } of Object.values(machine.transitions)) expect(machine.states).toEqual(expect.arrayContaining([...from, to]));
  });

  it("reaches every state from its first", () => {
    const reached = new Set([machine.initial]);
    for (let grown = 0; grown !== reached.size; ) {
      grown = reached.size;
      for (const { from, to } of Object.values(machine.transitions)) if (from.some((state) => reached.has(state))) reached.add(to);
    }
    // Refused messages begin refused: they are stored so, they do not become so.
    const starts = name === "notification" ? ["refused"] : [];
    expect([...reached, ...starts].sort()).toEqual([...machine.states].sort());
  });
});

it("IDEM-05 final states stay final, and late money has a move of its own", () => {
  expect(print(transactionMachine as unknown as Machine<string, string>)).toEqual([
    "created: launch → awaiting, doubt → unknown, succeed → succeeded, close → closed, fail → failed",
    "awaiting: doubt → unknown, succeed → succeeded, close → closed",
    "succeeded: final",
    "closed: succeed_late → succeeded",
    "failed: succeed_late → succeeded",
    "unknown: launch → awaiting, succeed → succeeded, close → closed, fail → failed",
  ]);
  expect(print(paymentMachine as unknown as Machine<string, string>)).toEqual([
    "pending: settle → paid, close → closed",
    "paid: refund_start → refunding",
    "refunding: refund_part → partially_refunded, refund_all → refunded, refund_fail → paid",
    "partially_refunded: refund_start → refunding",
    "refunded: final",
    "closed: final",
  ]);
});

it("IDEM-09 a day can always be compared again but when it is locked, and a difference that a person ended stays ended", () => {
  expect(print(dayMachine as unknown as Machine<string, string>)).toEqual([
    "waiting: balance → balanced, differ → differs, fail → failed",
    "failed: balance → balanced, differ → differs, fail → failed, rerun → waiting",
    "differs: balance → balanced, differ → differs, rerun → waiting",
    "balanced: balance → balanced, differ → differs, rerun → waiting, lock → locked",
    "locked: unlock → balanced",
  ]);
  expect(print(differenceMachine as unknown as Machine<string, string>)).toEqual([
    "open: resolve → resolved, clear → cleared",
    "resolved: final",
    "cleared: reopen → open",
  ]);
});
