// Runs one bench: a module that exports `name` and `run(context)`. What it measures it prints itself; throwing, or answering
// false, means that a figure missed what it must reach.
import { pathToFileURL } from "node:url";
import { runMain } from "./failure.mjs";

runMain(async () => {
  const bench = await import(pathToFileURL(process.argv[2] ?? "").href);
  const { DATABASE_URL, MIGRATE_DATABASE_URL, READER_DATABASE_URL, SUPERUSER_DATABASE_URL, DATA_DIR } = process.env;
  process.stdout.write(`\n${bench.name}\n`);
  const answer = await bench.run({
    appUrl: DATABASE_URL,
    ownerUrl: MIGRATE_DATABASE_URL,
    readerUrl: READER_DATABASE_URL,
    superuserUrl: SUPERUSER_DATABASE_URL,
    dataDir: DATA_DIR,
  });
  return answer === false ? 1 : 0;
  // Pools that a bench left open must not keep it from ending.
}).finally(() => process.exit());
