import { describe, expect, it } from "vitest";
import { playwrightOutcome, single, summary, vitestOutcome } from "./outcome.mjs";

const vitest = (counts = {}) => ({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...counts });
const playwright = (stats = {}) => ({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors: [] });

describe("what a runner's report counts as", () => {
  it("counts what passed", () => {
    expect(vitestOutcome("unit", vitest(), 0)).toEqual({ part: "unit", passed: 3, failed: 0, notes: [], failures: [] });
    expect(playwrightOutcome("e2e", playwright(), 0)).toEqual({ part: "e2e", passed: 2, failed: 0, notes: [], failures: [] });
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

it("tells again, above the table, which tests failed and how", () => {
  const file = (/** @type {object} */ more) => ({ name: "/elsewhere/a.test.ts", status: "failed", assertionResults: [], ...more });
  const assertion = { fullName: "the books balance", status: "failed", failureMessages: ["\u001b[31mexpected 1n\nto be 2n"] };
  const spec = {
    title: "a buyer pays",
    file: "checkout.e2e.ts",
    ok: false,
    tests: [{ results: [{ error: { message: "no receipt" } }, {}] }],
  };
  const unit = vitestOutcome(
    "unit",
    vitest({ numFailedTests: 1, testResults: [file({ assertionResults: [assertion] }), file({ message: "no such module" })] }),
    1,
  );
  const e2e = playwrightOutcome(
    "e2e",
    { ...playwright({ unexpected: 1 }), suites: [{ title: "x", suites: [{ title: "y", specs: [spec] }] }] },
    1,
  );

  const { text } = summary([unit, e2e]);

  expect(text.slice(0, text.indexOf("unit  "))).toMatch(
    /✗ \S*a\.test\.ts › the books balance\n {6}expected 1n\n {6}to be 2n\n\n {2}✗ \S*a\.test\.ts\n {6}no such module\n\n {2}✗ checkout\.e2e\.ts › a buyer pays\n {6}no receipt\n/,
  );
});
