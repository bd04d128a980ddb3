import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const hasProc = existsSync("/proc/self/stat");

/**
 * Whether the process runs. One that ended but was not yet collected by its parent does not.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (hasProc) return procStat(pid)?.state !== undefined && procStat(pid)?.state !== "Z";
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/**
 * What tells a process from a later one with the same number: the moment it started. Empty when it is gone.
 * @param {number} pid
 */
export function processIdentity(pid) {
  if (!isAlive(pid)) return "";
  if (hasProc) return procStat(pid)?.startTime ?? "";
  return spawnSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" }).stdout?.trim() ?? "";
}

/**
 * The command line, words separated by spaces. Empty when the process is gone.
 * @param {number} pid
 */
export function commandLine(pid) {
  if (!hasProc) return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout?.trim() ?? "";
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/**
 * Asks a process of another parent to end, and makes it end when it does not in time.
 * @param {number} pid
 * @param {{ graceMs: number, signal?: NodeJS.Signals }} options
 */
export async function endProcess(pid, { graceMs, signal = "SIGTERM" }) {
  sendSignal(pid, signal);
  if (await hasEnded(pid, graceMs)) return;
  sendSignal(pid, "SIGKILL");
  await hasEnded(pid, 5000);
}

/**
 * @param {number} pid
 * @param {number} withinMs
 */
export async function hasEnded(pid, withinMs) {
  for (const until = Date.now() + withinMs; Date.now() < until; ) {
    if (!isAlive(pid)) return true;
    await sleep(50);
  }
  return !isAlive(pid);
}

/**
 * Signals a process that may be gone already, which is what we want.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** @param {unknown} error */
export const errorCode = (error) => (error instanceof Error && "code" in error ? String(error.code) : "");

/** @param {number} pid */
function procStat(pid) {
  try {
    // The name stands in brackets and may itself hold spaces and brackets: count fields after the last one.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { state: fields[0], startTime: fields[19] };
  } catch {
    return null;
  }
}
