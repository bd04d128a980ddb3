import { existsSync, readFileSync } from "node:fs";
import { describeFailure, Failure } from "./failure.mjs";
import { isInstalled } from "./lockfile.mjs";
import { inRoot, root } from "./root.mjs";
import { run } from "./run.mjs";

/**
 * Installs the packages that the lock names, when they are not there yet.
 * @param {import("./progress.mjs").Progress} progress
 * @param {AbortSignal} [signal]
 */
export async function ensureInstalled(progress, signal) {
  if (isInstalled(readLock("package-lock.json") ?? { packages: {} }, readLock("node_modules/.package-lock.json"))) return;
  await progress.step("packages", () => install(progress, signal));
}

/**
 * @param {import("./progress.mjs").Progress} progress
 * @param {AbortSignal} [signal]
 */
async function install(progress, signal) {
  // Build tools are development packages, which npm leaves out when NODE_ENV says production.
  const flags = ["--include=dev", "--no-audit", "--no-fund"];
  const options = { cwd: root, env: withoutProduction(), signal };
  try {
    await run("npm", ["ci", ...flags], { ...options, what: "npm ci" });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    progress.warn("npm ci failed, trying npm install");
    await run("npm", ["install", ...flags], { ...options, what: "npm install" }).catch((error) => {
      throw new Failure("the packages could not be installed: check the network and that npm reaches its registry, then start again", {
        detail: `${describeFailure(cause)}\n${describeFailure(error)}`,
      });
    });
  }
}

/** @returns {NodeJS.ProcessEnv} */
const withoutProduction = () => ({ ...process.env, NODE_ENV: "development" });

/**
 * @param {string} name
 * @returns {import("./lockfile.mjs").Lock | null}
 */
function readLock(name) {
  return existsSync(inRoot(name)) ? JSON.parse(readFileSync(inRoot(name), "utf8")) : null;
}
