import { ensureBrowser } from "./launch/browser.mjs";
import { runPlaywright } from "./launch/checks.mjs";
import { runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { summary } from "./launch/outcome.mjs";
import { createProgress } from "./launch/progress.mjs";

// The browser's journeys alone; further words go to Playwright: npm run e2e -- -g "sign in".
runMain(async () => {
  const progress = createProgress();
  await ensureInstalled(progress);
  await ensureBrowser(progress);
  const { text, failed } = summary([await runPlaywright(process.argv.slice(2))]);
  process.stdout.write(`\n${text}\n`);
  return failed > 0 ? 1 : 0;
});
