import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.mjs";

const TAIL_LINES = 25;

/**
 * Runs a program to its end and answers its standard output. Its output is kept out of sight; when it fails, the last lines are shown.
 * @param {string} command
 * @param {string[]} args
 * @param {{ what: string, cwd?: string, env?: NodeJS.ProcessEnv, logFile?: string, signal?: AbortSignal }} options
 *   `what` names the step in the failure: "the build"
 * @returns {Promise<string>}
 */
export async function run(command, args, options) {
  let output = "";
  let all = "";
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === "win32" && command === "npm",
  });
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    all += text;
  });
  const ended = await /** @type {Promise<string | number>} */ (
    new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
    })
  ).catch((cause) => {
    if (options.signal?.aborted) throw new Failure(`${options.what} was stopped`, { cause });
    throw new Failure(`${options.what} could not be started: ${cause.message}`, { cause });
  });
  if (options.logFile) {
    mkdirSync(path.dirname(options.logFile), { recursive: true });
    appendFileSync(options.logFile, `$ ${command} ${args.join(" ")}\n${all}\n`);
  }
  if (ended !== 0) throw new Failure(`${options.what} failed (${ended})`, { detail: tail(all) });
  return output;
}

/** @param {string} text */
export const tail = (text) => text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
