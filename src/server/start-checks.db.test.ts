import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { newId } from "~/lib/id";
import { channel } from "~/server/db/schema";
import { type Built, buildProgram } from "~tests/support/built";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { repository, startNode } from "~tests/support/processes";
import { masterKey, newTenant, openTestSystem } from "~tests/support/system";
import { checkStart } from "./start-checks";
import type { System } from "./system";

let database: TestDatabase;
let worker: Built;
beforeAll(async () => {
  [database, worker] = await Promise.all([createTestDatabase(), buildProgram("worker/main.ts")]);
});
afterAll(async () => {
  worker.remove();
  await database.drop();
});

async function withSystem<T>(url: string, env: Record<string, string>, use: (sys: System) => Promise<T>): Promise<T> {
  const sys = await openTestSystem(url, env);
  try {
    return await use(sys);
  } finally {
    await sys.close();
  }
}

const superuserUrl = () => {
  const url = new URL(inject("testServer").superuser);
  url.pathname = new URL(database.appUrl).pathname;
  return url.href;
};

describe("ERR-04 what must be right before anything is served", () => {
  it("ERR-04 starts on a migrated database with the application's role", async () => {
    await withSystem(database.appUrl, {}, (sys) => expect(checkStart(sys)).resolves.toBeUndefined());
  });

  it("ERR-04 refuses roles that pass the walls: superuser, owner, reader with BYPASSRLS", async () => {
    const refusal = (url: string) => withSystem(url, {}, (sys) => checkStart(sys).catch((error: Error) => error.message));

    expect(await refusal(superuserUrl())).toContain("passes row security");
    expect(await refusal(database.readerUrl)).toContain("passes row security");
    expect(await refusal(database.ownerUrl)).toContain("must own nothing");
  });

  it("ERR-04 refuses a schema that is older or newer than the code, and one that is not there", async () => {
    const owner = postgres(database.ownerUrl, { max: 1 });
    const refusal = () => withSystem(database.appUrl, {}, (sys) => checkStart(sys).catch((error: Error) => error.message));
    const stamp = async (change: number) => owner`update drizzle.__drizzle_migrations set created_at = created_at + ${change}`;

    await stamp(1);
    expect(await refusal()).toContain("newer than this version");
    await stamp(-2);
    expect(await refusal()).toContain("run npm run migrate");
    await stamp(1);
    await owner`alter schema drizzle rename to elsewhere`;
    expect(await refusal()).toBe("the database has no schema yet: run npm run migrate");
    await owner`alter schema elsewhere rename to drizzle`;
    await owner.end();
  });

  it("ERR-04 refuses a clock that can be moved beside a live channel", async () => {
    await withSystem(database.appUrl, { TEST_CLOCK: "1" }, async (sys) => {
      const ctx = await newTenant(sys);
      const now = sys.now();
      const by = { createdBy: "test", createdAt: now, updatedBy: "test", updatedAt: now };
      await ctx.transaction((tx) =>
        tx.insert(channel).values({
          ...by,
          tenantId: ctx.tenantId,
          id: newId("channel"),
          provider: "alipay",
          name: "live",
          environment: "live",
          status: "disabled",
          appId: "2021000000000001",
          sellerId: "2088000000000001",
          baseUrl: "https://openapi.alipay.com/gateway.do",
          keyMode: "public_key",
        }),
      );

      await expect(checkStart(sys)).rejects.toThrow("TEST_CLOCK is 1 although channel");
    });
    await withSystem(database.appUrl, { TEST_CLOCK: "0" }, (sys) => expect(checkStart(sys)).resolves.toBeUndefined());
  });

  it("ERR-04 a program that cannot start says so in one line and ends with 1", async () => {
    const start = async (env: Record<string, string>) => {
      const base = { PATH: process.env.PATH ?? "", NODE_ENV: "production", DATABASE_URL: database.appUrl, MASTER_KEYS: masterKey(1) };
      const program = startNode([worker.file], { cwd: repository, env: { ...base, ...env } as NodeJS.ProcessEnv });
      return { code: await program.ended, output: program.output().trim() };
    };
    const secret = "s".repeat(40);

    expect(await start({})).toEqual({
      code: 1,
      output: 'worker cannot start: NEXTAUTH_SECRET is not set. See "Environment" in the README.',
    });
    expect((await start({ NEXTAUTH_SECRET: "short" })).output).toContain("NEXTAUTH_SECRET is malformed");
    expect((await start({ NEXTAUTH_SECRET: secret, MASTER_KEYS: "1:short" })).output).toContain("MASTER_KEYS is malformed");
    const asOwner = await start({ NEXTAUTH_SECRET: secret, DATABASE_URL: database.ownerUrl });
    expect(asOwner.code).toBe(1);
    expect(asOwner.output).toMatch(/^worker cannot start: DATABASE_URL's role "app_owner" owns [^\n]*$/);
  });
});
