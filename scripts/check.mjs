import { checkLock, checkStyle, checkTypes, runVitest } from "./launch/checks.mjs";
import { runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { summary } from "./launch/outcome.mjs";
import { createProgress } from "./launch/progress.mjs";

// What takes seconds and needs nothing running.
runMain(async () => {
  await ensureInstalled(createProgress());
  const { text, failed } = summary([await checkLock(), await checkStyle(), await checkTypes(), await runVitest("unit")]);
  process.stdout.write(`\n${text}\n`);
  return failed > 0 ? 1 : 0;
});
