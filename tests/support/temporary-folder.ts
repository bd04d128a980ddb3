import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAlive } from "../../scripts/launch/processes.mjs";

const PREFIX = "xjz-test-";

/** A folder for one test run, under the system's temporary one. What runs that were killed left there is removed. */
export function makeTemporaryFolder(purpose: string): { path: string; remove: () => void } {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-${purpose}-`));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
