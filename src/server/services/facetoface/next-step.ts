import { BATCH_LIVES_MS, BATCH_SPARE_MS, type BatchEnd, type SubmitStep } from "~/domain/facetoface";
import { after } from "~/lib/time";
import type { FacetofaceOrder } from "./move";

/** The batch in use, as we know it. */
export type KnownBatch = { batchNo: string; openedAt: Date; end: BatchEnd | null };

export type StepFacts = Pick<FacetofaceOrder, "status" | "failureCode" | "step" | "stepLeaseUntil"> & { batch: KnownBatch | null };

/**
 * What the submission of an application needs now. `ask`: it was perhaps confirmed; nothing but Alipay's answer tells. `over`: there is
 * nothing to do, or a person has to do it.
 */
export type NextStep = { kind: "over" } | { kind: "wait"; until: Date } | { kind: "create" | "sign" | "confirm" | "ask" };

/** The rule of the submission, in one place. What may have happened at Alipay is read from the step alone. */
export function nextStep({ status, failureCode, step, stepLeaseUntil, batch }: StepFacts, now: Date): NextStep {
  if (status !== "init" || failureCode !== null || step === "confirmed") return { kind: "over" };
  if (stepLeaseUntil && stepLeaseUntil > now) return { kind: "wait", until: stepLeaseUntil };
  if (step === "confirming") return { kind: "ask" };
  if (!batch || isDying(batch, now)) return { kind: "create" };
  return { kind: NEXT[step] };
}

/** Nobody knows the batch of an unfinished create: it is begun again. A product call replaces the one before. */
const NEXT = {
  new: "create",
  creating: "create",
  created: "sign",
  signing: "sign",
  signed: "confirm",
} as const satisfies Record<Exclude<SubmitStep, "confirming" | "confirmed">, NextStep["kind"]>;

/** A submitted batch lives on: it is in use again only while Alipay holds its application. */
export function isDying({ openedAt, end }: KnownBatch, now: Date): boolean {
  return end !== "submitted" && now >= after(openedAt, BATCH_LIVES_MS - BATCH_SPARE_MS);
}

/** Stored before the call of a step, so that whoever comes after a crash knows what was perhaps done. */
export const STEP_UNDER_WAY = {
  create: "creating",
  sign: "signing",
  confirm: "confirming",
  ask: "confirming",
} as const satisfies Record<Exclude<NextStep["kind"], "over" | "wait">, SubmitStep>;
