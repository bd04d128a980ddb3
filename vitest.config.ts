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
    // Bounds for what hangs, far above what anything takes: a busy machine must not fail a test, nor leave one running into the next.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Whatever the other projects leave, so that no test can fall between them.
          include: ["{src,worker,scripts,tests}/**/*.test.{ts,tsx,mjs}"],
          exclude: [...configDefaults.exclude, "**/*.db.test.ts", "tests/{lifecycle,platform,redis}/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: ["{src,worker,tests}/**/*.db.test.ts"],
          globalSetup: "tests/support/database-server.ts",
        },
      },
      {
        extends: true,
        test: {
          // Whole programs, started and killed: one file after the other, on what was built before.
          name: "system",
          include: ["tests/lifecycle/**/*.test.ts", "tests/platform/**/*.test.ts"],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          // The same code with Redis in place of PostgreSQL's queue and NOTIFY; one file, and one Redis, after the other.
          name: "redis",
          include: ["tests/redis/**/*.test.ts"],
          globalSetup: "tests/support/database-server.ts",
          fileParallelism: false,
        },
      },
    ],
  },
});
