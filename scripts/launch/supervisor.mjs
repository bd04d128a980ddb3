import { spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { openLogFile } from "./log-files.mjs";

const STOP_GRACE_MS = 22_000;
const STEADY_MS = 60_000;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** @param {number} crashes how many in a row, from 1 */
export const backoffMs = (crashes) => BACKOFF_MS[Math.min(crashes, BACKOFF_MS.length) - 1] ?? 0;

/**
 * One program that is kept running: restarted when it ends by itself, later each time. Until its first readiness an end is final,
 * since what cannot start once will not start the tenth time.
 *
 * @param {{ name: string, file: string, env: NodeJS.ProcessEnv, cwd: string, logDir: string,
 *   show: (line: string, stream: "stdout" | "stderr") => void, onStarted: (pid: number) => void }} program
 *   `show` gets each line of output; `onStarted` each new process
 */
export function supervise({ name, file, env, cwd, logDir, show, onStarted }) {
  const said = openLogFile(path.join(logDir, `${name}.log`), (line) => show(line, "stdout"));
  const complained = openLogFile(path.join(logDir, `${name}.stderr.log`), (line) => show(line, "stderr"));
  /** @type {import("node:child_process").ChildProcess | null} */
  let child = null;
  let stopping = false;
  let restarting = false;
  let ready = false;
  let crashes = 0;
  /** @type {(reason: Failure) => void} */
  let refuse = () => {};
  const failedToStart = /** @type {Promise<never>} */ (
    new Promise((_, reject) => {
      refuse = reject;
    })
  );
  failedToStart.catch(() => {});

  function start() {
    const startedAt = Date.now();
    // A session of its own: a terminal's Ctrl-C must not reach it before we have decided the order of stopping.
    const process_ = spawn(process.execPath, ["--enable-source-maps", file], {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", said.descriptor, complained.descriptor, "ipc"],
    });
    child = process_;
    if (process_.pid) onStarted(process_.pid);
    process_.once("error", (error) => show(`could not be started: ${error.message}`, "stderr"));
    process_.once("exit", (code, signal) => {
      if (child === process_) child = null;
      if (stopping || restarting) return;
      if (!ready) {
        said.read();
        complained.read();
        refuse(new Failure(`${name} ended while starting (${code ?? signal}): see above and ${complained.file}`));
        return;
      }
      crashes = Date.now() - startedAt > STEADY_MS ? 1 : crashes + 1;
      const delay = backoffMs(crashes);
      show(`ended (${code ?? signal}), starting again in ${delay / 1000} s`, "stderr");
      setTimeout(() => {
        if (!stopping && !child) start();
      }, delay);
    });
  }
  start();

  return {
    /** Waits until the program is ready; throws when it ends before. @param {Promise<unknown>} until */
    async becomeReady(until) {
      await Promise.race([until, failedToStart]);
      ready = true;
    },
    /** Ends the running process; a supervised one comes back with the newest bundle. */
    async restart() {
      if (restarting) return;
      restarting = true;
      await end(child);
      restarting = false;
      crashes = 0;
      if (!stopping) start();
    },
    /** @param {{ now?: boolean }} [how] `now` does not wait for work to be finished */
    async stop({ now = false } = {}) {
      stopping = true;
      await end(child, now ? 0 : STOP_GRACE_MS);
      said.close();
      complained.close();
    },
  };
}

/** @typedef {ReturnType<typeof supervise>} Supervised */

/**
 * @param {import("node:child_process").ChildProcess | null} child
 * @param {number} [graceMs]
 */
async function end(child, graceMs = STOP_GRACE_MS) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

/**
 * Waits until an address answers with success.
 * @param {{ port: number, host?: string, path: string, hostHeader: string, withinMs: number, signal?: AbortSignal, what: string }} address
 */
export async function waitForHttp(address) {
  let last = "no answer";
  for (const until = Date.now() + address.withinMs; Date.now() < until; await sleep(100)) {
    if (address.signal?.aborted) throw new Failure("stopped while starting");
    const answer = await ask(address);
    if (answer === "200") return;
    last = answer;
  }
  throw new Failure(`${address.what} is not ready after ${address.withinMs / 1000} s: ${last}`);
}

/**
 * @param {{ port: number, host?: string, path: string, hostHeader: string }} address
 * @returns {Promise<string>} the status with the body behind it unless it is 200, or what hindered the call
 */
function ask({ port, host = "127.0.0.1", path: place, hostHeader }) {
  return new Promise((resolve) => {
    const request = http.get({ port, host, path: place, headers: { host: hostHeader }, timeout: 5000, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      response.once("end", () => resolve(response.statusCode === 200 ? "200" : `${response.statusCode} ${body.slice(0, 300)}`));
      response.once("error", (error) => resolve(error.message));
    });
    request.once("timeout", () => request.destroy(new Error("timed out")));
    request.once("error", (error) => resolve(error.message));
  });
}
