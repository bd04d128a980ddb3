import { randomBytes } from "node:crypto";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { fen } from "~/lib/money";
import { readConfig } from "~/server/config";
import { type Actor, type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { tenant, tenantKey } from "~/server/db/schema";
import { createSystem, type System } from "~/server/system";
import { makeTemporaryFolder } from "./temporary-folder";

export const masterKey = (version: number): string => `${version}:${randomBytes(32).toString("base64")}`;

/** A process's own system on a test's database. `env` goes over the environment of tests. Close it before the database is dropped. */
export async function openTestSystem(appUrl: string, env: Record<string, string> = {}): Promise<System> {
  const folder = makeTemporaryFolder("system");
  const system = await createSystem(
    readConfig({
      NODE_ENV: "test",
      DATABASE_URL: appUrl,
      DATA_DIR: folder.path,
      MASTER_KEYS: masterKey(1),
      NEXTAUTH_SECRET: randomBase32(40),
      LOG_LEVEL: "silent",
      ...env,
    }),
    "test",
  );
  return {
    ...system,
    async close() {
      await system.close();
      folder.remove();
    },
  };
}

export const cliActor: Actor = { kind: "cli", id: "test" };

/** A tenant of one's own, and its context. */
export async function newTenant(sys: SystemCtx, actor: Actor = cliActor): Promise<Ctx & { tenantId: Id<"tenant"> }> {
  const id = newId("tenant");
  const now = sys.now();
  await sys.db.orm.insert(tenant).values({
    id,
    name: "Test",
    slug: `t-${randomBase32(12)}`,
    paymentMaxFen: fen(1_000_000_00n),
    confirmAboveFen: fen(500_000_00n),
    createdAt: now,
    updatedAt: now,
  });
  const ctx = inTenant(sys, id, actor);
  await ctx.transaction((tx) => tx.insert(tenantKey).values({ tenantId: id, ...sys.vault.createTenantKey(id, now), createdAt: now }));
  return ctx;
}
