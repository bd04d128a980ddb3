import { expect, it } from "vitest";
import type { NotificationState } from "~/domain/notification";
import { SHOWN_STEPS, shownSteps, stepsOf } from "./steps";

const NAMES = ["channel", "format", "key", "signed_text", "signature", "fields"];
const passed = NAMES.map((name) => ({ name, ok: true, cause: null, evidence: null, ms: 0.1 }));
const failing = (name: string) => [
  ...passed.slice(0, NAMES.indexOf(name)),
  { name, ok: false, cause: "bad_signature", evidence: null, ms: 0.2 },
];
const states = (state: NotificationState, steps: unknown[], comparison = { compared: 4, differing: 0 }, kind = "trade") =>
  shownSteps({ state, kind, steps }, comparison).map((one) => one.state);

it("shows eight steps, all passed, for a message that is applied", () => {
  expect(states("applied", passed)).toEqual(SHOWN_STEPS.map(() => "ok"));
});

it.each([
  ["format", ["ok", "failed", "skipped", "skipped", "skipped", "skipped", "skipped", "skipped"]],
  ["key", ["ok", "ok", "failed", "skipped", "skipped", "skipped", "skipped", "skipped"]],
  ["signature", ["ok", "ok", "ok", "ok", "failed", "skipped", "skipped", "skipped"]],
  ["fields", ["ok", "ok", "ok", "ok", "ok", "skipped", "failed", "skipped"]],
])("stops where %s failed, and leaves what comes after grey", (name, expected) => {
  expect(states("refused", failing(name), { compared: 0, differing: 0 })).toEqual(expected);
});

it("fails the comparison of what does not fit, and books nothing", () => {
  expect(states("misfit", passed, { compared: 4, differing: 1 }).slice(5)).toEqual(["ok", "failed", "skipped"]);
  expect(states("waiting", passed).slice(5)).toEqual(["ok", "ok", "running"]);
  expect(states("ignored", passed, { compared: 0, differing: 0 }, "other").slice(5)).toEqual(["ok", "skipped", "skipped"]);
});

it("sums the time of what it shows together, and reads nothing that is no step", () => {
  const shown = shownSteps({ state: "applied", kind: "trade", steps: [...passed, null, { name: 1 }] }, { compared: 4, differing: 0 });

  expect(shown.find(({ step }) => step === "channel")?.ms).toBeCloseTo(0.2);
  expect(shown.find(({ step }) => step === "book")?.ms).toBeNull();
  expect(stepsOf({ steps: [...passed, null, { name: 1 }] })).toHaveLength(6);
});
