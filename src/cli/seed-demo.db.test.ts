import { afterAll, expect, it } from "vitest";
import { openCommandLine } from "~tests/support/command-line";
import { createTestDatabase } from "~tests/support/postgres";
import { startSimulator } from "~tests/support/simulator";

const simulator = await startSimulator();
const database = await createTestDatabase();
const cli = openCommandLine(database, { DATA_DIR: simulator.dataDir, SIMULATOR_URL: simulator.url, DEMO: "1" });
afterAll(async () => {
  await simulator.stop();
  await database.drop();
});

it("the demonstration has payments and applications, sound books, and stays as it is when asked for again", async () => {
  const first = await cli(["seed", "demo"]);
  const again = await cli(["seed", "demo"]);
  const invariants = await cli(["invariants"]);

  expect(first, first.stderr).toMatchObject({ code: 0 });
  const made = JSON.parse(first.stdout);
  expect(made.payments).toBeGreaterThan(50);
  expect(made.applications).toBe(5);
  expect(JSON.parse(again.stdout)).toMatchObject({ tenantId: made.tenantId, payments: 0, applications: 0 });
  expect(invariants, invariants.stdout).toMatchObject({ code: 0 });
});
