import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";
import { masterKey } from "~tests/support/system";
import { run } from "./run";

let database: TestDatabase;
let simulator: TestSimulator;
beforeAll(async () => {
  simulator = await startSimulator();
  database = await createTestDatabase();
});
afterAll(async () => {
  await simulator?.stop();
  await database?.drop();
});

const key = masterKey(1);

async function cli(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const environment = {
    NODE_ENV: "production",
    DATABASE_URL: database.appUrl,
    MIGRATE_DATABASE_URL: database.ownerUrl,
    DATA_DIR: simulator.dataDir,
    MASTER_KEYS: key,
    NEXTAUTH_SECRET: "s".repeat(40),
    TEST_CLOCK: "1",
    DEMO: "1",
    SIMULATOR_URL: simulator.url,
  } as unknown as NodeJS.ProcessEnv;
  const code = await run(args, environment, {
    async out(text) {
      stdout += text;
    },
    async err(text) {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

it("the demonstration has payments and applications, sound books, and stays as it is when asked for again", async () => {
  const first = await cli("seed", "demo");
  const again = await cli("seed", "demo");
  const invariants = await cli("invariants");

  expect(first, first.stderr).toMatchObject({ code: 0 });
  const made = JSON.parse(first.stdout);
  expect(made.payments).toBeGreaterThan(50);
  expect(made.applications).toBe(5);
  expect(JSON.parse(again.stdout)).toMatchObject({ tenantId: made.tenantId, payments: 0, applications: 0 });
  expect(invariants, invariants.stdout).toMatchObject({ code: 0 });
});
