import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Ctx, inSavepoint, inTenant, type SystemCtx } from "~/server/context";
import { openDatabase } from "~/server/db/client";
import { event } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { checkSession, listMemberships } from "~/server/services/session";
import type { System } from "~/server/system";
import { newMember } from "~tests/support/factories";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { cliActor, newTenant, openTestSystem } from "~tests/support/system";

/** TEN-04: one connection, used by one tenant and then by nobody, must show nothing, however the first use ended. */

let database: TestDatabase;
let system: System;
/** The same system over pools of one connection each, so that the next statement surely meets the one before. */
let sys: SystemCtx;
let narrow: ReturnType<typeof openDatabase>;
let ctx: Ctx;

beforeAll(async () => {
  database = await createTestDatabase();
  system = await openTestSystem(database.appUrl);
  narrow = openDatabase(database.appUrl, { max: 1, statementTimeoutMs: 300 });
  sys = { ...system, db: narrow };
});
afterAll(async () => {
  await narrow?.close();
  await system?.close();
  await database?.drop();
});
beforeEach(async () => {
  ctx = await newTenant(sys);
  await ctx.transaction((tx) => emit(tx, ctx, { type: "test.wall", subject: "x" }));
});

/** What a statement outside of any tenant sees on both pools. */
async function seen() {
  const orm = await narrow.orm.select({ id: event.id }).from(event);
  const bare = await narrow.sql`select id from app.event`;
  return orm.length + bare.length;
}
const own = () => ctx.read((tx) => tx.select({ id: event.id }).from(event));

it("TEN-04 sees nothing after a commit", async () => {
  expect(await own()).toHaveLength(1);

  expect(await seen()).toBe(0);
});

it("TEN-04 sees nothing after an error of ours", async () => {
  await expect(
    ctx.transaction(async (tx) => {
      await tx.select().from(event);
      throw new Error("stop");
    }),
  ).rejects.toThrow("stop");

  expect(await seen()).toBe(0);
});

it("TEN-04 sees nothing after an error of the database", async () => {
  await expect(ctx.transaction((tx) => tx.execute(sql`select 1 / 0`))).rejects.toThrow();

  expect(await seen()).toBe(0);
});

it("TEN-04 sees nothing after a statement was cancelled", async () => {
  await expect(ctx.transaction((tx) => tx.execute(sql`select pg_sleep(5)`))).rejects.toThrow();

  expect(await seen()).toBe(0);
});

it("TEN-04 sees nothing after a savepoint failed and the rest went on", async () => {
  await ctx.transaction(async (tx) => {
    const inner = await inSavepoint(tx, async (savepoint) => {
      await savepoint.execute(sql`select set_config('app.tenant_id', 'ten_other', true)`);
      throw new Error("stop");
    });
    expect(inner.ok).toBe(false);
    expect(await tx.select().from(event)).toHaveLength(1);
  });

  expect(await seen()).toBe(0);
});

it("TEN-04 sees nothing after a function crossed the wall for itself", async () => {
  const member = await newMember(ctx, "viewer");
  expect(await checkSession(sys, member.sessionId)).toMatchObject({ tenant: { id: ctx.tenantId } });
  expect(await listMemberships(sys, member.id)).toHaveLength(1);

  expect(await seen()).toBe(0);
});

it("TEN-04 a function that crosses the wall leaves its caller's tenant as it was", async () => {
  const other = await newTenant(sys);
  const member = await newMember(ctx, "viewer");

  const current = await other.transaction(async (tx) => {
    await tx.execute(sql`select * from app.memberships_of(${member.id})`);
    await tx.execute(sql`select * from app.check_session(${member.sessionId}, now(), 1800000, false)`);
    const [row] = await tx.execute<{ tenant: string }>(sql`select current_setting('app.tenant_id') as tenant`);
    return row?.tenant;
  });

  expect(current).toBe(other.tenantId);
});

it("TEN-04 two tenants in turn on one connection see their own", async () => {
  const other = await newTenant(sys);
  for (let turn = 0; turn < 3; turn++) {
    expect(await own()).toHaveLength(1);
    expect(await other.read((tx) => tx.select().from(event))).toHaveLength(0);
  }
});

it("a read refuses to write, and the next use of its connection may", async () => {
  await expect(ctx.read((tx) => emit(tx, ctx, { type: "test.wall", subject: "y" }))).rejects.toMatchObject({ cause: { code: "25006" } });

  await ctx.transaction((tx) => emit(tx, ctx, { type: "test.wall", subject: "z" }));
  expect(await own()).toHaveLength(2);
});

it("TEN-06 there is no context without a tenant", () => {
  expect(() => inTenant(sys, "" as never, cliActor)).toThrow();
});
