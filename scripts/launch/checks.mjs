import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { missingOptional } from "./lockfile.mjs";
import { playwrightOutcome, single, vitestOutcome } from "./outcome.mjs";
import { inRoot, root } from "./root.mjs";

const REPORTS = inRoot("test-results", "reports");
// Far above what any part takes; a runner that hangs must not take the others' results with it.
const RUNNER_MAX_MS = 15 * 60_000;

/** Format and lint in one pass. */
export const checkStyle = async () => single("style", (await show(tool("@biomejs/biome", "bin/biome"), ["check", "."])) === 0);

export const checkTypes = async () => single("types", (await show(tool("typescript", "bin/tsc"), ["--noEmit", "-p", "."])) === 0);

/** A lock that lacks other platforms' packages makes npm ci fail on a fresh clone. */
export async function checkLock() {
  const missing = missingOptional(JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8")));
  const note = `package-lock.json lacks ${missing.length} optional packages: run node scripts/fix-lock.mjs`;
  return single("lock", missing.length === 0, missing.length > 0 ? note : undefined);
}

/** @param {("unit" | "db" | "system" | "redis")[]} projects */
export async function runVitest(...projects) {
  const part = projects.join(" + ");
  const report = reportFile(projects.join("-"));
  const only = projects.flatMap((project) => ["--project", project]);
  const ended = await show(tool("vitest", "vitest.mjs"), [
    "run",
    ...only,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return vitestOutcome(part, readReport(report), ended);
}

/** @param {string[]} args */
export async function runPlaywright(args = []) {
  const report = reportFile("e2e");
  const ended = await show(tool("@playwright/test", "cli.js"), ["test", "--reporter=list,json", ...args], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return playwrightOutcome("e2e", readReport(report), ended);
}

/** @param {string[]} words */
const tool = (...words) => inRoot("node_modules", ...words);

/** @param {string} name */
function reportFile(name) {
  mkdirSync(REPORTS, { recursive: true });
  const file = path.join(REPORTS, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** @param {string} file */
const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

/**
 * Runs a Node tool with its output in sight.
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number | string>} its exit code, or what ended it
 */
function show(file, args, env = {}) {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), RUNNER_MAX_MS);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? signal ?? "unknown");
    });
  });
}
