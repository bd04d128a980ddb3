import { type FacetofaceStatus, SUBMIT_STEPS, type SubmitStep } from "~/domain/facetoface";
import type { ApplicationDetail } from "./types";

export const STEP_METHODS = {
  create: "alipay.open.agent.create",
  sign: "alipay.open.agent.facetoface.sign",
  confirm: "alipay.open.agent.confirm",
} as const;
export type StepName = keyof typeof STEP_METHODS;

type Call = Pick<ApplicationDetail["calls"][number], "method" | "at" | "ms" | "outcome" | "code">;
export type StepRow = { name: StepName; state: "ok" | "failed" | "running" | "skipped"; call: Call | null };

/** How far each step's call has come: the place of `…ing` and of done in the list of steps. */
const PLACES: Record<StepName, { asking: SubmitStep; done: SubmitStep }> = {
  create: { asking: "creating", done: "created" },
  sign: { asking: "signing", done: "signed" },
  confirm: { asking: "confirming", done: "confirmed" },
};
const place = (step: SubmitStep) => SUBMIT_STEPS.indexOf(step);

type Submission = { status: FacetofaceStatus; step: SubmitStep; failureCode: string | null; calls: readonly Call[] };

/** create, sign, confirm: each with its latest call. Alipay's refusal stands at the step that it answered last. */
export function submitSteps({ status, step, failureCode, calls }: Submission): StepRow[] {
  const refused = status === "init" && failureCode ? latest(calls, (call) => call.outcome === "declined")?.method : undefined;
  return (Object.keys(STEP_METHODS) as StepName[]).map((name) => {
    const call = latest(calls, ({ method }) => method === STEP_METHODS[name]) ?? null;
    if (refused === STEP_METHODS[name]) return { name, state: "failed", call };
    if (place(step) >= place(PLACES[name].done)) return { name, state: "ok", call };
    if (step === PLACES[name].asking) return { name, state: status === "init" && !failureCode ? "running" : "failed", call };
    return { name, state: "skipped", call: null };
  });
}

/** Calls come newest first. */
const latest = (calls: readonly Call[], wanted: (call: Call) => boolean): Call | undefined =>
  calls.find((call) => (Object.values(STEP_METHODS) as string[]).includes(call.method) && wanted(call));
