import { defineConfig } from "@playwright/test";
import { chromiumArguments, findBrowser } from "./scripts/launch/browser.mjs";

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.e2e.ts",
  globalSetup: "./tests/e2e/fixtures/built.ts",
  // Each worker runs a whole platform of its own, so that a journey may move the clock and break the simulator.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  // Bounds for what hangs: a busy machine must not fail a journey.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  outputDir: "test-results",
  reporter: [["list"]],
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: { executablePath: findBrowser() ?? undefined, args: chromiumArguments },
  },
});
