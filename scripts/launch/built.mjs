import { compressStatic } from "./compress.mjs";
import { Failure } from "./failure.mjs";
import { fingerprint, stampAt } from "./fingerprint.mjs";
import { inRoot, root } from "./root.mjs";
import { run } from "./run.mjs";

// What a build depends on. Migrations are read when they run, so they are not here.
const SOURCES = [
  "package-lock.json",
  "tsconfig.json",
  "next.config.mjs",
  "postcss.config.mjs",
  "src",
  "worker",
  "scripts/launch/bundle.mjs",
];
const isSource = (/** @type {string} */ file) => !/\.test\.tsx?$/.test(file);

export const bundleStamp = stampAt(inRoot("dist", ".built-from"));
const pagesStamp = stampAt(inRoot(".next", ".built-from"));

/**
 * Builds the programs and the pages, each when its sources changed since.
 * @param {import("./progress.mjs").Progress} progress
 * @param {{ signal?: AbortSignal, force?: boolean }} [options]
 */
export async function ensureBuilt(progress, { signal, force = false } = {}) {
  const sources = fingerprint(root, SOURCES, isSource);
  await ensureBundled(progress, { sources, force });
  if (!force && pagesStamp.matches(sources)) return;
  await progress.step("pages", async () => {
    pagesStamp.remove();
    const next = inRoot("node_modules", "next", "dist", "bin", "next");
    const env = { ...process.env, NODE_ENV: /** @type {const} */ ("production"), NEXT_TELEMETRY_DISABLED: "1" };
    await run(process.execPath, [next, "build"], { cwd: root, env, signal, what: "next build" });
    await compressStatic(inRoot(".next", "static"));
    pagesStamp.write(sources);
  });
}

/**
 * Builds the programs alone, which takes about a second: enough for the command line.
 * @param {import("./progress.mjs").Progress} progress
 * @param {{ sources?: string, force?: boolean }} [options]
 */
export async function ensureBundled(progress, { sources = fingerprint(root, SOURCES, isSource), force = false } = {}) {
  if (!force && bundleStamp.matches(sources)) return;
  await progress.step("programs", async () => {
    bundleStamp.remove();
    // esbuild is a package: it can be asked for only after the packages are installed.
    const { buildBundles, bundleOptions } = await import("./bundle.mjs");
    await buildBundles(bundleOptions()).catch((cause) => {
      throw new Failure("the programs could not be built: mend the place shown above", { detail: cause.message, cause });
    });
    bundleStamp.write(sources);
  });
}
