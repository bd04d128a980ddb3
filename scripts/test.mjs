import { ensureBrowser } from "./launch/browser.mjs";
import { ensureBuilt } from "./launch/built.mjs";
import { checkLock, checkStyle, checkTypes, runPlaywright, runVitest } from "./launch/checks.mjs";
import { describeFailure, runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { single, summary } from "./launch/outcome.mjs";
import { createProgress } from "./launch/progress.mjs";
import { ensureRedis } from "./launch/redis.mjs";

// Everything, on a machine that has only Node and npm. The last line is always "N passed, N failed".
runMain(async () => {
  const progress = createProgress();
  /** @type {import("./launch/outcome.mjs").Outcome[]} */
  const outcomes = [];
  /**
   * What cannot be prepared fails, with what needs it, and the rest still runs.
   * @param {string} part
   * @param {() => Promise<unknown>} work
   */
  async function prepare(part, work) {
    try {
      await work();
      return true;
    } catch (error) {
      process.stdout.write(`\n${describeFailure(error)}\n`);
      outcomes.push(single(part, false, "see above"));
      return false;
    }
  }

  if (await prepare("packages", () => ensureInstalled(progress))) {
    const browser = await prepare("browser", () => ensureBrowser(progress));
    const redis = await prepare("redis-server", () => ensureRedis(progress));
    outcomes.push(await checkLock(), await checkStyle(), await checkTypes(), await runVitest("unit", "db"));
    const built = await prepare("build", () => ensureBuilt(progress));
    outcomes.push(built ? await runVitest("system") : single("system", false, "needs the build"));
    outcomes.push(built && redis ? await runVitest("redis") : single("redis", false, "needs the build and a redis-server"));
    outcomes.push(built && browser ? await runPlaywright() : single("e2e", false, "needs the build and a browser"));
  }

  const { text, failed } = summary(outcomes);
  process.stdout.write(`\n${text}\n`);
  return failed > 0 ? 1 : 0;
});
