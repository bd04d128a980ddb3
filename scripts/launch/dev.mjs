import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { context } from "esbuild";
import { bundleStamp } from "./built.mjs";
import { bundleOptions } from "./bundle.mjs";

/**
 * Keeps the bundles in dist/ in step with the sources, and tells which programs changed. Pages are Next's own to reload.
 * @param {{ onChanged: (program: string) => void, onMistake: (text: string) => void }} listener
 * @returns {Promise<{ stop: () => Promise<void> }>} once everything is built for the first time
 */
export async function watchBundles({ onChanged, onMistake }) {
  // From now on dist/ may be newer than any build.
  bundleStamp.remove();
  const contexts = await Promise.all(
    bundleOptions({ dev: true }).map(async (options) => {
      const changes = tellChanges(onChanged, onMistake);
      return context({ ...options, plugins: [changes] });
    }),
  );
  for (const bundle of contexts) {
    await bundle.rebuild();
    await bundle.watch({ delay: 200 });
  }
  return {
    async stop() {
      for (const bundle of contexts) await bundle.dispose();
    },
  };
}

/**
 * @param {(program: string) => void} onChanged
 * @param {(text: string) => void} onMistake
 * @returns {import("esbuild").Plugin}
 */
function tellChanges(onChanged, onMistake) {
  /** @type {Map<string, string>} */
  const seen = new Map();
  return {
    name: "tell-changes",
    setup(build) {
      // Kept in memory to be compared; so writing is ours to do.
      build.initialOptions.write = false;
      build.onEnd(async (result) => {
        for (const mistake of result.errors) onMistake(`${mistake.location?.file ?? ""}:${mistake.location?.line ?? ""} ${mistake.text}`);
        for (const file of result.outputFiles ?? []) {
          const hash = createHash("sha256").update(file.contents).digest("hex");
          const before = seen.get(file.path);
          if (before === hash) continue;
          seen.set(file.path, hash);
          await mkdir(path.dirname(file.path), { recursive: true });
          await writeFile(file.path, file.contents);
          const program = /([\w-]+)\.mjs$/.exec(file.path)?.[1];
          if (program && before) onChanged(program);
        }
      });
    },
  };
}
