import { and, asc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Id } from "~/lib/id";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { MasterKeys, newTenantSecret } from "~/server/crypto/master-keys";
import { KEY_ROTATE_EVENT } from "~/server/crypto/open-vault";
import { SEALED_COLUMNS } from "~/server/crypto/sealed-columns";
import { makeTenantVault } from "~/server/crypto/tenant-vault";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { tenant, tenantKey } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { resealBatch } from "./reseal";

export type Rotation = {
  masterVersion: number;
  tenants: number;
  /** Data keys that were wrapped anew under the newest master key. */
  rewrapped: number;
  /** Data keys that were made. */
  created: number;
  /** Texts that were sealed anew, by column. */
  resealed: Record<string, number>;
};

/**
 * Brings every tenant to the newest master key: wraps its data keys anew, makes a new data key where the newest was not made
 * under that master key (or is older than `createdBefore`), and seals every column anew. Runs beside live traffic; when it is
 * broken off, running it again goes on where it stopped. Afterwards the older master keys may be destroyed.
 */
export async function rotateKeys(sys: SystemCtx, options: { createdBefore?: Date; batch?: number } = {}): Promise<Rotation> {
  const masters = new MasterKeys(sys.config.masterKeys);
  const total: Rotation = { masterVersion: masters.newest, tenants: 0, rewrapped: 0, created: 0, resealed: {} };
  for (const { id } of await sys.db.orm.select({ id: tenant.id }).from(tenant).orderBy(asc(tenant.id))) {
    const ctx = inTenant(sys, id, { kind: "cli", id: "keys rotate" });
    const begun = await ctx.transaction((tx) => begin(tx, ctx, masters, options.createdBefore ?? null));
    const resealed = await resealAll(ctx, begun.vault, begun.version, options.batch);
    await ctx.transaction((tx) => finish(tx, ctx, begun.version, resealed));

    total.tenants += 1;
    total.rewrapped += begun.rewrapped;
    total.created += begun.created;
    for (const [column, count] of Object.entries(resealed)) total.resealed[column] = (total.resealed[column] ?? 0) + count;
  }
  return total;
}

type Begun = { version: number; vault: TenantVault; rewrapped: number; created: number };

/** Wrapping anew and making the new key are one step, so that "made under the newest master key" also means "begun". */
async function begin(tx: Tx, ctx: Ctx, masters: MasterKeys, createdBefore: Date | null): Promise<Begun> {
  const { tenantId } = ctx;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`tenant_key ${tenantId}`}, 0))`);
  const rows = await tx.select().from(tenantKey).where(eq(tenantKey.tenantId, tenantId)).orderBy(asc(tenantKey.version));
  const newest = rows.at(-1);
  if (!newest) throw new Error(`tenant ${tenantId} has no data key`);

  const secrets = new Map(rows.map(({ version, wrapped }) => [version, masters.unwrap(tenantId, version, wrapped)]));
  const outdated = rows.filter(({ masterVersion }) => masterVersion !== masters.newest);
  for (const { version } of outdated) {
    const secret = secrets.get(version);
    if (secret) await writeWrapped(tx, tenantId, version, masters.wrap(tenantId, version, secret));
  }

  const isStale = newest.masterVersion !== masters.newest || (createdBefore !== null && newest.createdAt < createdBefore);
  const version = isStale ? newest.version + 1 : newest.version;
  if (isStale) {
    // The root goes along: links and search digests made from it must stay what they are.
    const secret = newTenantSecret(secrets.get(newest.version)?.root);
    secrets.set(version, secret);
    await tx.insert(tenantKey).values({ tenantId, version, ...masters.wrap(tenantId, version, secret), createdAt: ctx.now() });
  }
  if (isStale || outdated.length > 0) {
    const details = { version, masterVersion: masters.newest, rewrapped: outdated.map((row) => row.version) };
    await emit(tx, ctx, { type: KEY_ROTATE_EVENT, subject: tenantId, details });
  }
  return { version, vault: makeTenantVault(tenantId, secrets), rewrapped: outdated.length, created: isStale ? 1 : 0 };
}

const writeWrapped = (tx: Tx, tenantId: Id<"tenant">, version: number, wrapped: { masterVersion: number; wrapped: Buffer }) =>
  tx
    .update(tenantKey)
    .set(wrapped)
    .where(and(eq(tenantKey.tenantId, tenantId), eq(tenantKey.version, version)));

/** Every column until nothing older is left. A process that has not yet heard of the new key may still seal under the old one. */
async function resealAll(ctx: Ctx, vault: TenantVault, version: number, batch = 200): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const column of SEALED_COLUMNS) {
    const limit = "batchMax" in column ? Math.min(batch, column.batchMax) : batch;
    let after = "";
    for (;;) {
      const done = await ctx.transaction((tx) => resealBatch(tx, ctx, { column, vault, version, after, limit }));
      if (done.count > 0) counts[`${column.table}.${column.column}`] = (counts[`${column.table}.${column.column}`] ?? 0) + done.count;
      if (done.last === null) break;
      after = done.last;
    }
  }
  return counts;
}

/**
 * Marks the older versions as retired. They are kept, wrapped under the newest master key: a text that a late process sealed
 * under one of them still opens, and the next rotation finds it.
 */
async function finish(tx: Tx, ctx: Ctx, version: number, resealed: Record<string, number>): Promise<void> {
  await tx
    .update(tenantKey)
    .set({ retiredAt: ctx.now() })
    .where(and(eq(tenantKey.tenantId, ctx.tenantId), lt(tenantKey.version, version), isNull(tenantKey.retiredAt)));
  if (Object.keys(resealed).length > 0)
    await emit(tx, ctx, { type: "key.reseal", subject: ctx.tenantId, details: { version, ...resealed } });
}
