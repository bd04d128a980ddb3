import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { "~worker": here("worker"), "~tests": here("tests"), "~": here("src") } },
  test: {
    pool: "forks",
    maxWorkers: 2,
    // A test that was left out is a test that fails: nobody notices the other kind.
    allowOnly: false,
    // A bound for what hangs, far above what anything takes: a busy machine must not fail a test.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{src,worker}/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs", "tests/*.test.ts", "tests/support/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "**/*.db.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: ["{src,worker,tests}/**/*.db.test.ts"],
          globalSetup: "tests/support/database-server.ts",
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Whole programs, started and killed: one file after the other, on what was built before.
          name: "system",
          include: ["tests/lifecycle/**/*.test.ts", "tests/platform/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
