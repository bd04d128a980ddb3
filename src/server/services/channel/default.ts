import { and, eq, isNull, sql } from "drizzle-orm";
import type { Environment, Provider } from "~/domain/provider";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel } from "~/server/db/schema";

/** Of all who change the default of one provider and environment, one at a time gets past here. */
export async function lockDefault(tx: Tx, ctx: Ctx, provider: Provider, environment: Environment): Promise<void> {
  const name = `channel_default ${ctx.tenantId} ${provider} ${environment}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

const defaultOf = (ctx: Ctx, provider: Provider, environment: Environment) =>
  and(
    eq(channel.tenantId, ctx.tenantId),
    eq(channel.provider, provider),
    eq(channel.environment, environment),
    eq(channel.isDefault, true),
    isNull(channel.deletedAt),
  );

export async function hasDefault(tx: Tx, ctx: Ctx, provider: Provider, environment: Environment): Promise<boolean> {
  const found = await tx
    .select({ id: channel.id })
    .from(channel)
    .where(defaultOf(ctx, provider, environment))
    .limit(1);
  return found.length > 0;
}

/** Answers which channel was the default. */
export async function dropDefault(tx: Tx, ctx: Ctx, provider: Provider, environment: Environment): Promise<Id<"channel"> | null> {
  const [dropped] = await tx
    .update(channel)
    .set({ isDefault: false, updatedAt: ctx.now(), updatedBy: ctx.actor.id })
    .where(defaultOf(ctx, provider, environment))
    .returning({ id: channel.id });
  return dropped?.id ?? null;
}
