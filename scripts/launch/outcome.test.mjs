import { describe, expect, it } from "vitest";
import { playwrightOutcome, single, summary, vitestOutcome } from "./outcome.mjs";

const vitest = (counts = {}) => ({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...counts });
const playwright = (stats = {}) => ({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors: [] });

describe("what a runner's report counts as", () => {
  it("counts what passed", () => {
    expect(vitestOutcome("unit", vitest(), 0)).toEqual({ part: "unit", passed: 3, failed: 0, notes: [] });
    expect(playwrightOutcome("e2e", playwright(), 0)).toEqual({ part: "e2e", passed: 2, failed: 0, notes: [] });
  });

  it("counts what was left out as failed", () => {
    expect(vitestOutcome("unit", vitest({ numPendingTests: 1, numTodoTests: 1 }), 0).failed).toBe(2);
    expect(playwrightOutcome("e2e", playwright({ skipped: 1, flaky: 1 }), 0).failed).toBe(2);
  });

  it("counts a file that could not be loaded as failed", () => {
    const broken = { name: "a.test.ts", status: "failed", assertionResults: [] };

    expect(vitestOutcome("unit", vitest({ testResults: [broken] }), 1).failed).toBe(1);
  });

  it("counts a runner that crashed as failed, with or without a report", () => {
    expect(vitestOutcome("db", vitest(), 1).failed).toBe(1);
    expect(vitestOutcome("db", null, "SIGKILL").failed).toBe(1);
    expect(playwrightOutcome("e2e", null, 1).failed).toBe(1);
  });

  it("counts a run without tests as failed", () => {
    expect(vitestOutcome("db", vitest({ numPassedTests: 0 }), 0)).toMatchObject({ failed: 1, notes: ["no test ran"] });
  });
});

it("ends the summary with the line that tools read", () => {
  const { text, failed } = summary([single("lock", true), vitestOutcome("unit", vitest({ numFailedTests: 2 }), 1)]);

  expect(text.split("\n").at(-1)).toBe("4 passed, 2 failed");
  expect(failed).toBe(2);
});
