import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { run } from "./run.mjs";

/** Whether we may install programs with Debian's packages here. */
export const mayInstall = () => process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;

/**
 * Installs one of Debian's packages.
 * @param {import("./progress.mjs").Progress} progress
 * @param {string} name the package
 */
export async function installPackage(progress, name) {
  await progress.step(name, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { what: "apt-get update", env });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", name], { what: `apt-get install ${name}`, env });
  });
}

/** @param {string} file */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
