import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBundled } from "./launch/built.mjs";
import { Failure, runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { claimInstance, findInstance } from "./launch/instance.mjs";
import { createProgress } from "./launch/progress.mjs";
import { inRoot, root } from "./launch/root.mjs";
import { ensureSecrets } from "./launch/secrets.mjs";
import { programEnvironments, readSettings } from "./launch/settings.mjs";

const STARTING_MAX_MS = 180_000;

// Standard output carries the command's answer alone; everything else goes to standard error.
runMain(async () => {
  const progress = createProgress(process.stderr);
  await ensureInstalled(progress);
  await ensureBundled(progress);
  const running = findInstance(readSettings(process.env, root).dataDir);
  // A platform that was started with other addresses than this shell's is meant by its own.
  const env = { ...(running?.kind === "start" ? { APP_URL: running.appUrl, SIMULATOR_URL: running.simulatorUrl } : {}), ...process.env };
  const settings = readSettings(env, root);
  const { externalUrls, runProgram } = await import("./launch/platform.mjs");
  const { startPostgres, urlsOf } = await import("./launch/postgres.mjs");
  const secrets = ensureSecrets(settings.dataDir);
  const args = process.argv.slice(2);

  if (settings.databaseUrl)
    return runCommand(args, programEnvironments(settings, secrets, externalUrls(settings.databaseUrl), { env }).cli);

  const port = running?.kind === "start" ? await portOfStarting(settings.dataDir) : null;
  if (port) return runCommand(args, programEnvironments(settings, secrets, urlsOf(secrets, port), { env }).cli);

  // Nothing runs: the database comes up for this one command.
  const claim = await claimInstance(settings.dataDir, "command");
  process.once("exit", () => claim.release());
  const database = await startPostgres({ dataDir: settings.dataDir });
  try {
    const environments = programEnvironments(settings, secrets, database.urls, { env });
    await runProgram("migrate", [], environments.migrate);
    return await runCommand(args, environments.cli);
  } finally {
    await database.stop();
  }
});

/**
 * The database's port of a platform that runs, once its schema is there; null when it has ended meanwhile.
 * @param {string} dataDir
 */
async function portOfStarting(dataDir) {
  for (const until = Date.now() + STARTING_MAX_MS; Date.now() < until; await sleep(200)) {
    const instance = findInstance(dataDir);
    if (!instance) return null;
    if (instance.ready && instance.postgresPort) return instance.postgresPort;
  }
  throw new Failure("the platform is still starting: try again when it is ready");
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the command's own exit code
 */
function runCommand(args, env) {
  const child = spawn(process.execPath, ["--enable-source-maps", inRoot("dist", "cli.mjs"), ...args], { cwd: root, env, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
