import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.mjs";
import { findFreePort } from "./ports.mjs";
import { ensureRoles } from "./postgres-roles.mjs";
import { clearCluster } from "./postmaster.mjs";
import { databaseUrl, ensureSecrets } from "./secrets.mjs";

const GUARD = fileURLToPath(new URL("./postgres-guard.mjs", import.meta.url));
const FIRST_PORT = 25432;
const LOG_MAX_BYTES = 8_000_000;
const SERVER_SETTINGS = {
  max_connections: "100",
  shared_buffers: "256MB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // Short transactions: compiling a query costs more than it saves.
  jit: "off",
};

/**
 * @typedef {{ port: number, guardPid: number, serverPid: number, urls: { app: string, owner: string, reader: string, superuser: string },
 *   ended: Promise<void>, stop: () => Promise<void> }} Postgres `ended` comes when the server is gone, asked or not
 */

/**
 * Starts the embedded PostgreSQL of a data folder, making cluster, roles and database when they are missing.
 * It stops with this process, however this process ends.
 * @param {{ dataDir: string, flags?: Record<string, string> }} options
 * @returns {Promise<Postgres>}
 */
export async function startPostgres({ dataDir, flags = {} }) {
  mkdirSync(dataDir, { recursive: true });
  const secrets = ensureSecrets(dataDir);
  const clusterDir = path.join(dataDir, "postgres");
  const logFile = path.join(dataDir, "log", "postgres.log");
  if (existsSync(logFile) && statSync(logFile).size > LOG_MAX_BYTES) rmSync(logFile);

  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort(notedPort(dataDir) + attempt - 1);
    const orders = { clusterDir, port, password: secrets.database.postgres, flags: { ...SERVER_SETTINGS, ...flags }, logFile };
    const guard = await startGuard(orders);
    if (guard.answer.ready) {
      notePort(dataDir, port);
      const urls = urlsOf(secrets, port);
      await ensureRoles(urls.superuser, secrets.database).catch(async (error) => {
        await guard.stop();
        throw error;
      });
      const stop = async () => {
        await guard.stop();
        // A guard that was killed could not stop its server.
        await clearCluster(clusterDir);
      };
      return { port, guardPid: guard.pid, serverPid: guard.answer.pid, urls, ended: guard.ended, stop };
    }
    // Between our look and the server's, another program may take the port.
    if (guard.answer.portTaken && attempt < 5) continue;
    throw new Failure(`the embedded database did not start: see ${logFile}`, { detail: guard.answer.reason });
  }
}

/**
 * The addresses of a database that is already running on `port`.
 * @param {import("./secrets.mjs").Secrets} secrets
 * @param {number} port
 */
export function urlsOf({ database }, port) {
  return {
    app: databaseUrl({ role: "app_user", password: database.app_user, port }),
    owner: databaseUrl({ role: "app_owner", password: database.app_owner, port }),
    reader: databaseUrl({ role: "app_reader", password: database.app_reader, port }),
    superuser: databaseUrl({ role: "postgres", password: database.postgres, port, database: "postgres" }),
  };
}

/**
 * The port that this data folder's database used last, so that addresses given to other programs stay good.
 * @param {string} dataDir
 */
export function notedPort(dataDir) {
  const file = path.join(dataDir, "postgres.json");
  return existsSync(file) ? Number(JSON.parse(readFileSync(file, "utf8")).port) : FIRST_PORT;
}

/**
 * @param {string} dataDir
 * @param {number} port
 */
const notePort = (dataDir, port) => writeFileSync(path.join(dataDir, "postgres.json"), `${JSON.stringify({ port })}\n`);

/** @param {import("./postgres-guard.mjs").Orders} orders */
async function startGuard(orders) {
  // Detached, so that a terminal's Ctrl-C does not stop the database before those who use it.
  const child = spawn(process.execPath, [GUARD], { stdio: ["pipe", "pipe", "inherit"], detached: true, env: guardEnvironment() });
  child.stdin.on("error", () => {});
  child.stdin.write(`${JSON.stringify(orders)}\n`);
  const ended = /** @type {Promise<void>} */ (new Promise((resolve) => child.once("exit", () => resolve())));
  const answer = await /** @type {Promise<import("./postgres-guard.mjs").Answer>} */ (
    new Promise((resolve) => {
      createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
      child.once("error", (error) => resolve({ ready: false, reason: error.message, portTaken: false }));
      child.once("exit", (code) => resolve({ ready: false, reason: `the guard ended (${code})`, portTaken: false }));
    })
  );
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  if (!answer.ready) await stop();
  return { pid: child.pid ?? 0, answer, ended, stop };
}

/**
 * The guard and the server need none of our settings, and some of them are secrets.
 * @returns {NodeJS.ProcessEnv}
 */
function guardEnvironment() {
  const { NODE_ENV, PATH, HOME, TMPDIR, LD_LIBRARY_PATH, SystemRoot } = process.env;
  return { NODE_ENV, PATH, HOME, TMPDIR, LD_LIBRARY_PATH, SystemRoot };
}
