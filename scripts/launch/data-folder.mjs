import { rmSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.mjs";

// Named one by one: somebody may have pointed DATA_DIR at a folder that holds more than ours.
const OURS = [
  "postgres",
  "postgres.new",
  "postgres.json",
  "secrets.json",
  "simulator",
  "simulator.json",
  "demo",
  "demo.json",
  "clock.json",
  "log",
];

/**
 * Empties a data folder of everything that we made. The caller holds the folder, and its database is stopped.
 * @param {string} dataDir
 */
export function emptyDataFolder(dataDir) {
  for (const name of OURS) rmSync(path.join(dataDir, name), { recursive: true, force: true });
}

/**
 * @param {{ databaseUrl: string | null, dataDir: string }} settings
 */
export function refuseResetOfForeign({ databaseUrl }) {
  if (databaseUrl)
    throw new Failure("--reset empties the embedded database only, and DATABASE_URL names another one: empty that one yourself");
}
