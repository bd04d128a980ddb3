import { expect, it } from "vitest";
import { STEP_METHODS, type StepName, submitSteps } from "./steps";

const at = new Date("2026-11-20T02:42:00Z");
const call = (name: StepName, code: string | null = null) => ({
  method: STEP_METHODS[name],
  at,
  ms: 12,
  outcome: code ? ("declined" as const) : ("ok" as const),
  code,
});
const states = (given: Partial<Parameters<typeof submitSteps>[0]>) =>
  submitSteps({ status: "init", step: "new", failureCode: null, calls: [], ...given }).map(({ state }) => state);

it("tells how far a submission has come", () => {
  expect(states({})).toEqual(["skipped", "skipped", "skipped"]);
  expect(states({ step: "creating" })).toEqual(["running", "skipped", "skipped"]);
  expect(states({ step: "created", calls: [call("create")] })).toEqual(["ok", "skipped", "skipped"]);
  expect(states({ step: "signing", calls: [call("create")] })).toEqual(["ok", "running", "skipped"]);
  expect(states({ status: "submitted", step: "confirmed", calls: [call("confirm"), call("sign"), call("create")] })).toEqual([
    "ok",
    "ok",
    "ok",
  ]);
});

it("puts Alipay's refusal at the step that it answered, wherever the submission goes on from", () => {
  const calls = [call("sign", "FILE_SIZE_MIN_LIMIT"), call("create")];

  expect(states({ step: "created", failureCode: "FILE_SIZE_MIN_LIMIT", calls })).toEqual(["ok", "failed", "skipped"]);
  expect(states({ step: "signing", failureCode: "FILE_SIZE_MIN_LIMIT", calls })).toEqual(["ok", "failed", "skipped"]);
  // Once it goes on, the old refusal is history.
  expect(states({ step: "signing", failureCode: null, calls })).toEqual(["ok", "running", "skipped"]);
});

it("gives each step its latest call, and none of later questions", () => {
  const question = { ...call("confirm"), method: "alipay.open.agent.order.query" };
  const rows = submitSteps({
    status: "submitted",
    step: "confirmed",
    failureCode: null,
    calls: [question, call("confirm"), call("create")],
  });

  expect(rows.map((row) => row.call?.method ?? null)).toEqual([STEP_METHODS.create, null, STEP_METHODS.confirm]);
});
