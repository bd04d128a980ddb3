import { and, asc, eq, isNull } from "drizzle-orm";
import type { Id } from "~/lib/id";
import { inTenant, type SystemCtx } from "~/server/context";
import { channel, tenant } from "~/server/db/schema";

/** Every tenant, suspended ones too: their money is under way like everybody's. */
export async function listTenantIds({ db }: Pick<SystemCtx, "db">): Promise<Id<"tenant">[]> {
  return (await db.orm.select({ id: tenant.id }).from(tenant).orderBy(asc(tenant.id))).map((row) => row.id);
}

/** The first channel that moves real money; null when there is none. A clock that can be moved must not meet one. */
export async function findLiveChannel(sys: SystemCtx): Promise<Id<"channel"> | null> {
  for (const tenantId of await listTenantIds(sys)) {
    const ctx = inTenant(sys, tenantId, { kind: "worker", id: "live-channel-check" });
    const [found] = await ctx.read((tx) =>
      tx
        .select({ id: channel.id })
        .from(channel)
        .where(and(eq(channel.tenantId, tenantId), eq(channel.environment, "live"), isNull(channel.deletedAt)))
        .limit(1),
    );
    if (found) return found.id;
  }
  return null;
}
