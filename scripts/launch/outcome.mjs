/**
 * What came of one part of the tests. A part that did not run to its end has failed, even if no test in it did.
 * @typedef {{ part: string, passed: number, failed: number, notes: string[] }} Outcome
 */

/**
 * @param {string} part
 * @param {boolean} passed
 * @param {string} [note]
 * @returns {Outcome}
 */
export const single = (part, passed, note) => ({ part, passed: passed ? 1 : 0, failed: passed ? 0 : 1, notes: note ? [note] : [] });

/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { name: string, status: string, assertionResults: unknown[] }[] }} VitestReport
 * @param {string} part
 * @param {VitestReport | null} report null when there is none
 * @param {string | number} ended the runner's exit code, or what ended it
 * @returns {Outcome}
 */
export function vitestOutcome(part, report, ended) {
  const broken = report?.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length ?? 0;
  const left = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  return judged(part, {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + broken,
    left,
    ended,
  });
}

/**
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} PlaywrightReport
 * @param {string} part
 * @param {PlaywrightReport | null} report
 * @param {string | number} ended
 * @returns {Outcome}
 */
export function playwrightOutcome(part, report, ended) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  return judged(part, { passed: expected, failed: unexpected + flaky + (report?.errors.length ?? 0), left: skipped, ended });
}

/**
 * @param {string} part
 * @param {{ passed: number, failed: number, left: number, ended: string | number }} counts `left` were skipped
 * @returns {Outcome}
 */
function judged(part, { passed, failed, left, ended }) {
  const notes = [];
  if (left > 0) notes.push(`${left} did not run, which counts as failed`);
  let sum = failed + left;
  if (ended !== 0 && sum === 0) {
    notes.push(`the runner ended with ${ended} although no test failed`);
    sum = 1;
  }
  if (passed + sum === 0) {
    notes.push("no test ran");
    sum = 1;
  }
  return { part, passed, failed: sum, notes };
}

/**
 * A table of the parts and the last line, which tools read.
 * @param {Outcome[]} outcomes
 */
export function summary(outcomes) {
  const width = Math.max(...outcomes.map(({ part }) => part.length));
  const rows = outcomes.map(({ part, passed, failed, notes }) => {
    const mark = failed > 0 ? "✗" : "✓";
    return `  ${mark} ${part.padEnd(width)}  ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${notes.map((note) => `   ${note}`).join("")}`;
  });
  const total = (/** @type {"passed" | "failed"} */ key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  return { text: [...rows, "", `${total("passed")} passed, ${total("failed")} failed`].join("\n"), failed: total("failed") };
}
