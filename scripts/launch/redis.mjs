import { spawnSync } from "node:child_process";
import path from "node:path";
import { installPackage, isProgram, mayInstall } from "./debian.mjs";
import { Failure } from "./failure.mjs";

/** The Redis for the tests: the one REDIS_SERVER_PATH names, or the first on the path. It is for tests alone: `npm start` needs none. */
export function findRedis() {
  const named = process.env.REDIS_SERVER_PATH;
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return (named ? [named] : folders.map((folder) => path.join(folder, "redis-server"))).find(isProgram) ?? null;
}

/**
 * Finds redis-server, or installs Debian's where we may.
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<string>}
 */
export async function ensureRedis(progress) {
  const found = findRedis();
  if (found) return found;
  if (process.env.REDIS_SERVER_PATH || !mayInstall()) {
    throw new Failure("no redis-server was found: install Redis 7, or name its redis-server in REDIS_SERVER_PATH");
  }
  await installPackage(progress, "redis-server");
  // The package may start a service of its own, which nobody asked for.
  spawnSync("service", ["redis-server", "stop"], { stdio: "ignore" });
  const installed = findRedis();
  if (!installed) throw new Failure("redis-server was installed but is not on the path: name it in REDIS_SERVER_PATH");
  return installed;
}
