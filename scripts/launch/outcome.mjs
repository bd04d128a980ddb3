import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./root.mjs";

/**
 * What came of one part of the tests. A part that did not run to its end has failed, even if no test in it did.
 * `failures` names what failed and how.
 * @typedef {{ part: string, passed: number, failed: number, notes: string[], failures: Failure[] }} Outcome
 * @typedef {{ name: string, message: string }} Failure
 */

/** Told again under the table, so that the end of a log says what to look for. */
const TOLD_MAX = 20;
const LINES_MAX = 15;

/**
 * @param {string} part
 * @param {boolean} passed
 * @param {string} [note]
 * @returns {Outcome}
 */
export const single = (part, passed, note) => ({
  part,
  passed: passed ? 1 : 0,
  failed: passed ? 0 : 1,
  notes: note ? [note] : [],
  failures: [],
});

/**
 * @typedef {{ fullName?: string, status?: string, failureMessages?: string[] }} VitestAssertion
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { name: string, status: string, message?: string, assertionResults: VitestAssertion[] }[] }} VitestReport
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
    failures: report?.testResults.flatMap(vitestFailures) ?? [],
  });
}

/**
 * @param {VitestReport["testResults"][number]} file
 * @returns {Failure[]}
 */
function vitestFailures(file) {
  const name = path.relative(root, file.name);
  if (file.status === "failed" && file.assertionResults.length === 0) return [{ name, message: file.message ?? "" }];
  return file.assertionResults
    .filter(({ status }) => status === "failed")
    .map(({ fullName = "", failureMessages = [] }) => ({ name: `${name} › ${fullName}`, message: failureMessages.join("\n") }));
}

/**
 * @typedef {{ title: string, file?: string, suites?: PlaywrightSuite[], specs?: PlaywrightSpec[] }} PlaywrightSuite
 * @typedef {{ title: string, file: string, ok: boolean, tests: { results: { error?: { message?: string } }[] }[] }} PlaywrightSpec
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: { message?: string }[],
 *   suites?: PlaywrightSuite[] }} PlaywrightReport
 * @param {string} part
 * @param {PlaywrightReport | null} report
 * @param {string | number} ended
 * @returns {Outcome}
 */
export function playwrightOutcome(part, report, ended) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  const failures = [
    ...(report?.errors ?? []).map(({ message = "" }) => ({ name: "outside of any test", message })),
    ...(report?.suites ?? []).flatMap(playwrightFailures),
  ];
  return judged(part, { passed: expected, failed: unexpected + flaky + (report?.errors.length ?? 0), left: skipped, ended, failures });
}

/**
 * A test that passed when it was tried again has failed all the same.
 * @param {PlaywrightSuite} suite
 * @returns {Failure[]}
 */
function playwrightFailures({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .flatMap(({ results }) => results)
      .flatMap(({ error }) => (error ? [{ name: `${file} › ${title}`, message: error.message ?? "" }] : [])),
  );
  return [...own, ...suites.flatMap(playwrightFailures)];
}

/**
 * @param {string} part
 * @param {{ passed: number, failed: number, left: number, ended: string | number, failures: Failure[] }} counts `left` were skipped
 * @returns {Outcome}
 */
function judged(part, { passed, failed, left, ended, failures }) {
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
  return { part, passed, failed: sum, notes, failures };
}

/**
 * What failed, a table of the parts, and the last line, which tools read.
 * @param {Outcome[]} outcomes
 */
export function summary(outcomes) {
  const width = Math.max(...outcomes.map(({ part }) => part.length));
  const rows = outcomes.map(({ part, passed, failed, notes }) => {
    const mark = failed > 0 ? "✗" : "✓";
    return `  ${mark} ${part.padEnd(width)}  ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${notes.map((note) => `   ${note}`).join("")}`;
  });
  const total = (/** @type {"passed" | "failed"} */ key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  const failures = outcomes.flatMap(({ failures: own }) => own);
  const told = failures.slice(0, TOLD_MAX).flatMap(({ name, message }) => [`  ✗ ${name}`, ...linesOf(message), ""]);
  return { text: [...told, ...rows, "", `${total("passed")} passed, ${total("failed")} failed`].join("\n"), failed: total("failed") };
}

/** @param {string} message */
const linesOf = (message) =>
  stripVTControlCharacters(message)
    .split("\n")
    .slice(0, LINES_MAX)
    .map((line) => `      ${line.slice(0, 300)}`);
