import { parseArgs } from "node:util";
import { ensureBuilt } from "./launch/built.mjs";
import { emptyDataFolder, refuseResetOfForeign } from "./launch/data-folder.mjs";
import { describeFailure, Failure, runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { claimInstance } from "./launch/instance.mjs";
import { refuseTakenPorts } from "./launch/ports.mjs";
import { createProgress } from "./launch/progress.mjs";
import { root } from "./launch/root.mjs";
import { readSettings } from "./launch/settings.mjs";
import { whenAskedToStop } from "./launch/stop-requests.mjs";

const USAGE = "usage: npm start [-- --reset]   (npm run dev for the same with reload)";

runMain(async () => {
  const { reset, dev } = readArguments();
  const settings = readSettings(process.env, root);
  if (reset) refuseResetOfForeign(settings);
  const progress = createProgress();
  const claim = await claimInstance(settings.dataDir, "start");
  process.once("exit", () => claim.release());
  claim.update({ appUrl: settings.appUrl, simulatorUrl: settings.simulatorUrl });

  // Aborted at the first request to stop; what is being started gives up, then everything that runs is stopped in order.
  const starting = new AbortController();
  /** @type {(lost?: string) => void} */
  let end = () => {};
  const ended = /** @type {Promise<string | undefined>} */ (
    new Promise((resolve) => {
      end = resolve;
    })
  );
  /** @type {((how: { now: boolean }) => Promise<void>) | undefined} */
  let stopPlatform;
  /** @type {(() => Promise<void>) | undefined} */
  let stopWatching;
  whenAskedToStop({
    stop() {
      starting.abort();
      end();
    },
    hurry: () => stopPlatform?.({ now: true }),
  });
  let code = 0;
  try {
    if (reset) emptyDataFolder(settings.dataDir);
    progress.title("因公付款服务平台  xjz-payment-platform");
    await refuseTakenPorts(settings);
    await ensureInstalled(progress, starting.signal);
    // Up to here nothing but Node was needed; from here on, packages.
    const { launchPlatform } = await import("./launch/platform.mjs");
    if (!dev) await ensureBuilt(progress, { signal: starting.signal });
    if (!starting.signal.aborted) {
      const platform = launchPlatform({ settings, claim, progress, dev, signal: starting.signal, onLost: end });
      stopPlatform = platform.stop;
      if (dev) stopWatching = await watch(platform, progress);
      const signIns = await platform.start();
      if (!starting.signal.aborted) {
        welcome(progress, settings, signIns);
        // For a test that started us.
        process.send?.({ signIns });
      }
    }
    const lost = await ended;
    if (lost) throw new Failure(`${lost}: everything else is stopped; start again`);
  } catch (error) {
    if (!starting.signal.aborted) {
      code = 1;
      process.stderr.write(`\n${describeFailure(error)}\n`);
    }
  }
  await stopWatching?.();
  if (stopPlatform) {
    const stop = stopPlatform;
    await progress.step("stopped", () => stop({ now: false }));
  }
  // Whatever still holds the process open has nothing left to say.
  process.exit(code);
});

function readArguments() {
  try {
    const { values } = parseArgs({ options: { reset: { type: "boolean", default: false }, dev: { type: "boolean", default: false } } });
    return values;
  } catch (cause) {
    throw new Failure(USAGE, { cause });
  }
}

/**
 * @param {ReturnType<typeof import("./launch/platform.mjs").launchPlatform>} platform
 * @param {import("./launch/progress.mjs").Progress} progress
 */
async function watch(platform, progress) {
  const { watchBundles } = await import("./launch/dev.mjs");
  const watching = await progress.step("programs", () =>
    watchBundles({
      onMistake: progress.warn,
      onChanged(name) {
        const program = platform.programs.get(name);
        if (!program) return;
        progress.line(`  ${name} changed, starting it again`);
        program.restart();
      },
    }),
  );
  return watching.stop;
}

/**
 * @param {import("./launch/progress.mjs").Progress} progress
 * @param {import("./launch/settings.mjs").Settings} settings
 * @param {import("./launch/platform.mjs").SignIn[]} signIns
 */
function welcome(progress, settings, signIns) {
  progress.title("Ready");
  progress.line(`  Platform    ${settings.appUrl}`);
  progress.line(`  Simulator   ${settings.simulatorUrl}   stands in for Alipay and WeChat Pay`);
  progress.line(`  Data        ${settings.dataDir}   log files in log/`);
  if (signIns.length > 0) progress.title("Sign in as");
  const width = Math.max(...signIns.map(({ email }) => email.length));
  for (const { role, email, password } of signIns) progress.line(`  ${role.padEnd(11)} ${email.padEnd(width)}   ${password}`);
  progress.line("\nCtrl-C stops everything.");
}
