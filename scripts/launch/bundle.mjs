import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { context } from "esbuild";
import { inRoot, root } from "./root.mjs";

/** The programs that run outside Next, by the name of their bundle. */
export const PROGRAMS = {
  cli: "src/cli/main.ts",
  migrate: "src/server/migrate.ts",
  simulator: "src/simulator/main.ts",
  web: "src/server/web.ts",
  worker: "worker/main.ts",
};
const SITE = "src/simulator/site/main.tsx";
const SITE_PAGE = "src/simulator/site/index.html";
const BENCHES = "tests/bench";

/**
 * How esbuild makes everything below dist/. Packages stay outside: they are read from node_modules.
 * @param {{ dev?: boolean }} [options]
 * @returns {import("esbuild").BuildOptions[]}
 */
export function bundleOptions({ dev = false } = {}) {
  return [programOptions(PROGRAMS, inRoot("dist")), siteOptions(inRoot("dist", "simulator-site"), dev)];
}

/**
 * @param {Record<string, string>} programs
 * @param {string} outdir
 * @returns {import("esbuild").BuildOptions}
 */
export function programOptions(programs, outdir) {
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(inRoot(file)))),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    alias: { "~": "./src", "~worker": "./worker", "~tests": "./tests" },
    jsx: "automatic",
    sourcemap: "linked",
    logLevel: "silent",
  };
}

/**
 * The simulator's own site: one page, one script and one sheet for a browser, with fonts beside them.
 * @param {string} outdir
 * @param {boolean} dev
 * @returns {import("esbuild").BuildOptions}
 */
export function siteOptions(outdir, dev) {
  return {
    absWorkingDir: root,
    entryPoints: { main: SITE, index: SITE_PAGE },
    outdir,
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    alias: { "~": "./src" },
    jsx: "automatic",
    minify: !dev,
    define: { "process.env.NODE_ENV": dev ? '"development"' : '"production"' },
    loader: { ".html": "copy", ".woff2": "file", ".woff": "file", ".svg": "file", ".png": "file" },
    assetNames: "assets/[name]-[hash]",
    sourcemap: dev ? "inline" : false,
    logLevel: "silent",
  };
}

/**
 * Builds once. A mistake in the sources is thrown with its place.
 * @param {import("esbuild").BuildOptions[]} bundles
 */
export async function buildBundles(bundles) {
  for (const options of bundles) {
    const build = await context(options);
    try {
      await build.rebuild();
    } finally {
      await build.dispose();
    }
  }
}

/** The benches by name, tests/bench/callbacks.ts being "callbacks". */
export function benches() {
  const files = existsSync(inRoot(BENCHES)) ? readdirSync(inRoot(BENCHES)) : [];
  const names = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts")).map((file) => path.basename(file, ".ts"));
  return Object.fromEntries(names.sort().map((name) => [name, `${BENCHES}/${name}.ts`]));
}
