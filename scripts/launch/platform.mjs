import { spawn } from "node:child_process";
import path from "node:path";
import { Failure } from "./failure.mjs";
import { showFromLevel, shownLine } from "./log-lines.mjs";
import { startPostgres } from "./postgres.mjs";
import { inRoot, root } from "./root.mjs";
import { tail } from "./run.mjs";
import { ensureSecrets } from "./secrets.mjs";
import { programEnvironments } from "./settings.mjs";
import { supervise, waitForHttp } from "./supervisor.mjs";

const READY_WITHIN_MS = 120_000;

/**
 * @typedef {{ role: string, email: string, password: string }} SignIn
 * @typedef {{ settings: import("./settings.mjs").Settings, claim: import("./instance.mjs").Claim,
 *   progress: import("./progress.mjs").Progress, dev: boolean, signal: AbortSignal, onLost: (reason: string) => void }} Launch
 *   `onLost` is told when the platform cannot go on
 */

/**
 * Starts database, simulator, web and worker in the order in which they need each other.
 * @param {Launch} launch
 */
export function launchPlatform(launch) {
  const { settings, claim, progress, dev, signal } = launch;
  const logDir = path.join(settings.dataDir, "log");
  /** @type {Map<string, import("./supervisor.mjs").Supervised>} */
  const programs = new Map();
  /** @type {import("./postgres.mjs").Postgres | null} */
  let database = null;
  let stopping = false;

  /**
   * @param {"simulator" | "web" | "worker"} name
   * @param {NodeJS.ProcessEnv} env
   */
  function begin(name, env) {
    const showFrom = showFromLevel(process.env.LOG_LEVEL);
    const program = supervise({
      name,
      file: inRoot("dist", `${name}.mjs`),
      env,
      cwd: root,
      logDir,
      show(line, stream) {
        // Plain text on standard output is chatter, but for Next's about pages, which developers want.
        const shown = shownLine(name, line, { showFrom, plain: dev || stream === "stderr" });
        if (shown) progress.line(shown);
      },
      onStarted: (pid) => claim.noteChild(name, pid),
    });
    programs.set(name, program);
    return program;
  }

  return {
    programs,
    /** @returns {Promise<SignIn[]>} who may sign in to the demo */
    async start() {
      const urls = await progress.step("database", async () => {
        if (settings.databaseUrl) return externalUrls(settings.databaseUrl);
        database = await startPostgres({ dataDir: settings.dataDir });
        claim.noteChild("postgres", database.guardPid);
        claim.update({ postgresPort: database.port });
        database.ended.then(() => stopping || launch.onLost("the database ended by itself"));
        return database.urls;
      });
      const env = programEnvironments(settings, ensureSecrets(settings.dataDir), urls, { env: process.env, dev });
      if (signal.aborted) return [];

      const simulator = begin("simulator", env.simulator);
      await progress.step("schema", () => runProgram("migrate", [], env.migrate, signal));
      await progress.step("simulator", () =>
        simulator.becomeReady(
          waitForHttp({
            port: settings.simulatorPort,
            path: "/control/state",
            hostHeader: new URL(settings.simulatorUrl).host,
            withinMs: READY_WITHIN_MS,
            signal,
            what: "the simulator",
          }),
        ),
      );
      // Pages may start while the demonstration is written; the worker may not, or it would act on what is only half there.
      const web = begin("web", env.web);
      const signIns = settings.demo ? await progress.step("demo", () => seedDemo(env.cli, signal)) : [];
      const worker = begin("worker", env.worker);
      await progress.step("platform", () => {
        const answers = waitForHttp({
          port: settings.port,
          host: ["0.0.0.0", "::"].includes(settings.host) ? "127.0.0.1" : settings.host,
          path: "/api/health/ready",
          hostHeader: new URL(settings.appUrl).host,
          withinMs: READY_WITHIN_MS,
          signal,
          what: "the web process",
        });
        // The worker answers nobody; it counts as started when it still runs by then.
        return Promise.all([web.becomeReady(answers), worker.becomeReady(answers)]);
      });
      claim.update({ ready: true });
      return signIns;
    },

    /** Those who ask first, then those who are asked. @param {{ now: boolean }} how */
    async stop(how) {
      stopping = true;
      await Promise.all([programs.get("web")?.stop(how), programs.get("worker")?.stop(how)]);
      await programs.get("simulator")?.stop(how);
      await database?.stop();
    },
  };
}

/** @param {string} app */
export const externalUrls = (app) => ({
  app,
  owner: process.env.MIGRATE_DATABASE_URL || app,
  reader: process.env.READER_DATABASE_URL || undefined,
});

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<SignIn[]>}
 */
async function seedDemo(env, signal) {
  const answer = JSON.parse(await runProgram("cli", ["seed", "demo"], env, signal));
  return answer.signIns ?? [];
}

/**
 * Runs one of our programs to its end, in a session of its own like all of them.
 * @param {string} name
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} its standard output
 */
export async function runProgram(name, args, env, signal) {
  const words = ["--enable-source-maps", inRoot("dist", `${name}.mjs`), ...args];
  const child = spawn(process.execPath, words, { cwd: root, env, signal, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints += text;
  });
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (status, killedBy) => resolve(status ?? killedBy));
  });
  const what = [name, ...args].join(" ");
  if (code !== 0) throw new Failure(`${what} failed (${code}): see above`, { detail: tail(complaints || output) });
  return output;
}
