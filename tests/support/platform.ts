import { chmodSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { findInstance, type Instance } from "../../scripts/launch/instance.mjs";
import { urlsOf } from "../../scripts/launch/postgres.mjs";
import { ensureSecrets } from "../../scripts/launch/secrets.mjs";
import { findFreePort } from "./ports";
import { eventually, repository, type StartedProgram, startNode } from "./processes";
import { makeTemporaryFolder } from "./temporary-folder";

export type ProgramName = "web" | "worker" | "simulator";
export type SignIn = { role: string; email: string; password: string };

export type TestPlatform = {
  appUrl: string;
  simulatorUrl: string;
  dataDir: string;
  /** Who may sign in to the demo; empty without one. */
  signIns: SignIn[];
  /** The database's addresses, by role. `superuser` is for what a test does to the server itself. */
  database: { app: string; owner: string; reader: string; superuser: string };
  /** Runs `npm run cli -- …` and answers what it printed, as JSON. Throws with its messages when it fails. */
  cli(...args: string[]): Promise<unknown>;
  /** The same, for commands that may fail: the exit code, both streams. */
  runCli(...args: string[]): Promise<{ code: number | NodeJS.Signals; stdout: string; stderr: string }>;
  /** Its process now; null while it is being started again. */
  pidOf(name: ProgramName): number | null;
  /** Ends a program with SIGKILL, and comes back when another one has taken its place. */
  kill(name: ProgramName): Promise<void>;
  /** Takes all connections and what they were doing, as a crash of the server does; comes back when it serves again. */
  crashDatabase(): Promise<void>;
  /** What the launcher has shown. */
  output(): string;
  stop(): Promise<void>;
};

/** Starts the built platform with `npm start`'s own script: on free ports, with a data folder of its own. It ends with this process at the latest. */
export async function startPlatform(env: Record<string, string> = {}): Promise<TestPlatform> {
  const folder = makeTemporaryFolder("platform");
  // PostgreSQL runs as another user when we are root, and has to pass through.
  chmodSync(folder.path, 0o755);
  const [port, simulatorPort] = [await findFreePort(), await findFreePort()];
  const environment = {
    ...withoutOurs(process.env),
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    DATA_DIR: folder.path,
    WEB_CONCURRENCY: "1",
    ...env,
  };
  const program = startNode(["scripts/start.mjs"], { env: environment });
  const { signIns } = await readiness(program);

  const note = (): Instance => {
    const instance = findInstance(folder.path);
    if (!instance) throw new Error(`the platform is gone\n${program.output()}`);
    return instance;
  };
  const pidOf = (name: string) => note().children.find((child) => child.name === name)?.pid ?? null;
  const { appUrl = "", simulatorUrl = "", postgresPort = 0 } = note();
  const database = urlsOf(ensureSecrets(folder.path), postgresPort);

  const runCli: TestPlatform["runCli"] = async (...args) => {
    const command = startNode([path.join(repository, "scripts/cli.mjs"), ...args], { env: environment });
    const streams = { stdout: "", stderr: "" };
    command.child.stdout?.on("data", (text) => {
      streams.stdout += text;
    });
    command.child.stderr?.on("data", (text) => {
      streams.stderr += text;
    });
    return { code: await command.ended, ...streams };
  };

  return {
    appUrl,
    simulatorUrl,
    dataDir: folder.path,
    signIns,
    database,
    pidOf,
    runCli,
    async cli(...args) {
      const { code, stdout, stderr } = await runCli(...args);
      if (code !== 0) throw new Error(`cli ${args.join(" ")} ended with ${code}\n${stderr}${stdout}`);
      return JSON.parse(stdout);
    },
    async kill(name) {
      const before = pidOf(name);
      if (!before) throw new Error(`${name} does not run`);
      process.kill(before, "SIGKILL");
      await eventually(`${name} runs again`, () => {
        const now = pidOf(name);
        return now !== null && now !== before;
      });
      if (name === "web") await answers(`${appUrl}/api/health/ready`);
      if (name === "simulator") await answers(`${simulatorUrl}/control/state`);
    },
    async crashDatabase() {
      const sql = postgres(database.superuser, { max: 1, onnotice: () => {} });
      const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      // A session that dies like this may have left shared memory torn, so the server ends all others and recovers from its log.
      process.kill(backend?.pid ?? 0, "SIGKILL");
      await sql.end({ timeout: 1 }).catch(() => {});
      await eventually("the database serves again", () => canConnect(database.app));
    },
    output: program.output,
    async stop() {
      program.child.kill("SIGTERM");
      await program.ended;
      folder.remove();
    },
  };
}

/** What the launcher tells the process that started it, once everything answers. */
function readiness(program: StartedProgram): Promise<{ signIns: SignIn[] }> {
  return new Promise((resolve, reject) => {
    program.child.once("message", (message) => resolve(message as { signIns: SignIn[] }));
    program.ended.then((code) => reject(new Error(`the platform did not start (${code})\n${program.output()}`)), reject);
  });
}

const answers = (url: string) =>
  eventually(`${url} answers`, () =>
    fetch(url).then(
      (answer) => answer.ok,
      () => false,
    ),
  );

async function canConnect(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** What somebody's shell may have set for a platform of their own must not reach a test's. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^(APP_URL|SIMULATOR_URL|HOST|DATABASE_URL|MIGRATE_DATABASE_URL|READER_DATABASE_URL|REDIS_URL|MASTER_KEYS|NEXTAUTH_.*|METRICS_TOKEN|npm_.*|VITEST.*|NODE_ENV)$/;
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name))), NODE_ENV: "production" };
}
