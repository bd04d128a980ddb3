// Run after every npm install that changed package-lock.json: completes the lock, so that npm ci takes it on every platform.
import { readFileSync, writeFileSync } from "node:fs";
import { runMain } from "./launch/failure.mjs";
import { completeLock, missingOptional } from "./launch/lockfile.mjs";
import { inRoot } from "./launch/root.mjs";

runMain(async () => {
  const file = inRoot("package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingOptional(lock);
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  process.stdout.write(missing.length > 0 ? `added ${missing.length} optional packages of other platforms\n` : "the lock is complete\n");
  return 0;
});
