import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { commandLine, endProcess, hasEnded, isAlive, sendSignal } from "./processes.mjs";

const FAST_SHUTDOWN_MS = 15_000;

/**
 * The server that runs on this cluster, if one does. Its pid file outlives a crash, and its number may belong to another program since.
 * @param {string} clusterDir
 */
export function findPostmaster(clusterDir) {
  const file = path.join(clusterDir, "postmaster.pid");
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
  if (!isAlive(pid)) return null;
  const command = commandLine(pid);
  return command.includes("postgres") && command.includes(clusterDir) ? pid : null;
}

/**
 * Makes the cluster ready for a new server: stops one that was left behind, and takes away a pid file that another program's number hides behind.
 * @param {string} clusterDir
 * @returns {Promise<boolean>} whether a server was stopped
 */
export async function clearCluster(clusterDir) {
  const pid = findPostmaster(clusterDir);
  if (pid) await stopPostmaster(pid);
  rmSync(path.join(clusterDir, "postmaster.pid"), { force: true });
  return pid !== null;
}

/**
 * @param {number} pid
 */
export async function stopPostmaster(pid) {
  // SIGINT ends sessions and writes everything down; SIGQUIT only ends, and the next start repairs from the log.
  sendSignal(pid, "SIGINT");
  if (await hasEnded(pid, FAST_SHUTDOWN_MS)) return;
  await endProcess(pid, { signal: "SIGQUIT", graceMs: 5000 });
}
