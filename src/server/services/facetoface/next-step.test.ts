import { describe, expect, it } from "vitest";
import { facetofaceMachine, SUBMIT_STEPS } from "~/domain/facetoface";
import { after, days, minutes, seconds } from "~/lib/time";
import { isDying, type KnownBatch, nextStep, type StepFacts } from "./next-step";

const now = new Date("2026-03-02T04:00:00Z");
const young: KnownBatch = { batchNo: "1", openedAt: after(now, -minutes(5)), end: null };
const old: KnownBatch = { ...young, openedAt: after(now, -minutes(55)) };
const held: KnownBatch = { ...young, openedAt: after(now, -days(3)), end: "submitted" };

const kindOf = (facts: Partial<StepFacts>) =>
  nextStep({ status: "init", failureCode: null, step: "new", stepLeaseUntil: null, batch: null, ...facts }, now).kind;
const kinds = (batch: KnownBatch | null) => Object.fromEntries(SUBMIT_STEPS.map((step) => [step, kindOf({ step, batch })]));

describe("what a submission needs next", () => {
  it("in a batch with time left goes on where it was", () => {
    expect(kinds(young)).toEqual({
      new: "create",
      creating: "create",
      created: "sign",
      signing: "sign",
      signed: "confirm",
      confirming: "ask",
      confirmed: "over",
    });
  });

  it("in a batch that is about to die begins anew, but asks first about a confirmation", () => {
    expect(kinds(old)).toEqual({
      new: "create",
      creating: "create",
      created: "create",
      signing: "create",
      signed: "create",
      confirming: "ask",
      confirmed: "over",
    });
  });

  it("in the batch of a held application never begins anew for its age", () => {
    expect(kinds(held)).toEqual(kinds(young));
  });

  it("waits while another worker holds the step, up to its last instant", () => {
    const stepLeaseUntil = after(now, 1);

    for (const step of SUBMIT_STEPS.filter((one) => one !== "confirmed"))
      expect(nextStep({ status: "init", failureCode: null, step, stepLeaseUntil, batch: young }, now)).toEqual({
        kind: "wait",
        until: stepLeaseUntil,
      });
    expect(kindOf({ step: "signing", batch: young, stepLeaseUntil: now })).toBe("sign");
  });

  it("is nothing while a person has to act, and in every state but the first", () => {
    expect(kindOf({ failureCode: "MERCHANT_NOT_CERTIFIED" })).toBe("over");
    for (const status of facetofaceMachine.states.filter((state) => state !== "init"))
      for (const step of SUBMIT_STEPS) expect(kindOf({ status, step, batch: young })).toBe("over");
  });
});

it("a batch is given up five minutes before its hour is over", () => {
  const opened = (msAgo: number) => isDying({ ...young, openedAt: after(now, -msAgo) }, now);

  expect(opened(minutes(55) - seconds(1))).toBe(false);
  expect(opened(minutes(55))).toBe(true);
});
