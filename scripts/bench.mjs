import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { ensureBundled } from "./launch/built.mjs";
import { Failure, runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { isAlive } from "./launch/processes.mjs";
import { createProgress } from "./launch/progress.mjs";
import { inRoot, root } from "./launch/root.mjs";
import { ensureSecrets } from "./launch/secrets.mjs";
import { programEnvironments, readSettings } from "./launch/settings.mjs";

// npm run bench [-- name …]: each bench in a process of its own, on a migrated PostgreSQL of its own that writes as durably as a real one.
runMain(async () => {
  const progress = createProgress(process.stderr);
  await ensureInstalled(progress);
  await ensureBundled(progress);
  const { benches, buildBundles, programOptions } = await import("./launch/bundle.mjs");
  const known = benches();
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(known);
  const unknown = wanted.filter((name) => !known[name]);
  if (unknown.length > 0 || wanted.length === 0)
    throw new Failure(`no bench ${unknown.join(", ")}: there are ${Object.keys(known).join(", ") || "none"}`);

  await buildBundles([programOptions(Object.fromEntries(wanted.map((name) => [name, known[name] ?? ""])), inRoot("dist", "bench"))]);
  removeLeftovers();
  let failed = 0;
  for (const name of wanted) if (!(await runBench(name))) failed++;
  return failed > 0 ? 1 : 0;
});

/** @param {string} name */
async function runBench(name) {
  const { runProgram } = await import("./launch/platform.mjs");
  const { startPostgres } = await import("./launch/postgres.mjs");
  // On the clone's disk: the system's temporary folder may be memory.
  const dataDir = inRoot("dist", "bench", `data-${process.pid}`);
  const database = await startPostgres({ dataDir });
  try {
    const settings = readSettings({ ...process.env, DATA_DIR: dataDir, DEMO: "0", TEST_CLOCK: "1" }, root);
    const environments = programEnvironments(settings, ensureSecrets(dataDir), database.urls, { env: process.env });
    await runProgram("migrate", [], environments.migrate);
    const env = { ...environments.cli, SUPERUSER_DATABASE_URL: database.urls.superuser };
    return (await run(inRoot("dist", "bench", `${name}.mjs`), env)) === 0;
  } finally {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A bench that was killed could not take its data away. */
function removeLeftovers() {
  const folder = inRoot("dist", "bench");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const pid = /^data-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(inRoot("dist", "bench", name), { recursive: true, force: true });
  }
}

/**
 * @param {string} bundle
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function run(bundle, env) {
  const runner = inRoot("scripts", "launch", "bench-runner.mjs");
  const child = spawn(process.execPath, ["--enable-source-maps", "--expose-gc", runner, bundle], { cwd: root, env, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
