import { afterAll, describe, expect, it } from "vitest";
import { openCommandLine } from "~tests/support/command-line";
import { createTestDatabase } from "~tests/support/postgres";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";

const database = await createTestDatabase();
const folder = makeTemporaryFolder("cli");
const cli = openCommandLine(database, { DATA_DIR: folder.path });
afterAll(async () => {
  folder.remove();
  await database.drop();
});

describe("the command line", () => {
  it("makes a tenant, checks its books and its chain, and prints JSON alone", async () => {
    const owner = ["--owner-email", "owner@example.test", "--owner-password", "grün-Vk3-pbt9qz-w7"];
    const made = await cli(["tenant", "create", "--name", "测试", "--slug", "cli-test", ...owner]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    const { tenantId } = JSON.parse(made.stdout);

    const checked = await cli(["invariants", "--tenant", tenantId]);
    const verified = await cli(["event", "verify", "--tenant", tenantId]);

    expect(checked.code).toBe(0);
    for (const check of JSON.parse(checked.stdout)) expect(check).toMatchObject({ name: expect.any(String), broken: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ tenantId, ok: true, length: 0, pending: expect.any(Number), firstBad: null });
  });

  it("IDEM-09 compares a day on demand: none for a tenant without channels, and no day that has not ended", async () => {
    const owner = ["--owner-email", "books@example.test", "--owner-password", "grün-Vk3-pbt9qz-w7"];
    const made = await cli(["tenant", "create", "--name", "对账", "--slug", "cli-books", ...owner]);
    const { tenantId } = JSON.parse(made.stdout);

    const compared = await cli(["reconcile", "--tenant", tenantId, "--date", "2026-03-01"]);
    const tooEarly = await cli(["reconcile", "--tenant", tenantId, "--date", "2199-03-01"]);
    const noDay = await cli(["reconcile", "--tenant", tenantId, "--date", "2026-02-30"]);

    expect([compared.code, JSON.parse(compared.stdout)]).toEqual([0, []]);
    expect([tooEarly.code, tooEarly.stderr.trim()]).toEqual([1, "invalid_input: the day has not ended"]);
    expect([noDay.code, noDay.stdout]).toEqual([2, ""]);
  });

  it("moves the test clock, and refuses where it is not one", async () => {
    const moved = await cli(["clock", "advance", "2h"]);
    const shown = await cli(["clock", "show"]);
    const refused = await cli(["clock", "advance", "2h"], { TEST_CLOCK: "0" });

    expect(JSON.parse(moved.stdout).offsetMs).toBe(7_200_000);
    expect(JSON.parse(shown.stdout).offsetMs).toBe(7_200_000);
    expect([refused.code, refused.stdout, refused.stderr.trim()]).toEqual([
      1,
      "",
      "not_allowed_now: the clock cannot be moved while TEST_CLOCK is 0",
    ]);
  });

  it("gives connection strings as they are, for other programs", async () => {
    expect((await cli(["database", "url"])).stdout).toBe(`${database.appUrl}\n`);
    expect((await cli(["database", "url", "--role", "owner"])).stdout).toBe(`${database.ownerUrl}\n`);
    expect(await cli(["database", "url", "--role", "reader"])).toMatchObject({ code: 1, stdout: "" });
  });

  it("ends with 2 when it was called wrongly, and says how to call it", async () => {
    for (const args of [
      [],
      ["nothing"],
      ["tenant", "create"],
      ["clock", "set", "tomorrow"],
      ["clock", "advance"],
      ["invariants", "--tenant", "x"],
    ]) {
      const wrong = await cli(args);
      expect([wrong.code, wrong.stdout], args.join(" ")).toEqual([2, ""]);
      expect(wrong.stderr).not.toBe("");
    }
  });
});
