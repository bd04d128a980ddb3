import { and, asc, desc, eq, sql } from "drizzle-orm";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { event, eventSeal } from "~/server/db/schema";
import { CHAIN_START, linkHash } from "./chain";
import { appendHead } from "./heads";

const BATCH_MAX = 1_000;
/** Transactions still running hold back what stands behind them; they end within seconds. */
const LOOK_AGAIN_MS = seconds(1);

/**
 * Extends the tenant's chain by what has been written since. The order is (txid, no), and only rows older than every running
 * transaction are taken, so that none can appear later among those already sealed.
 */
export async function sealEvents(ctx: Ctx, _tenantId: string): Promise<Date | null> {
  const sealed = await ctx.transaction((tx) => sealBatch(tx, ctx));
  if (sealed === "busy") return after(ctx.now(), LOOK_AGAIN_MS);
  if (sealed.head) await appendHead(ctx.sys, { tenantId: ctx.tenantId, ...sealed.head, at: ctx.now().toISOString() });
  if (sealed.full) return ctx.now();
  return sealed.left ? after(ctx.now(), LOOK_AGAIN_MS) : null;
}

async function sealBatch(tx: Tx, ctx: Ctx) {
  // Two sealers would fork the chain: the second leaves, and comes again.
  const [lock] = await tx.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`seal:${ctx.tenantId}`}, 0)) as mine`,
  );
  if (!lock?.mine) return "busy" as const;

  const [last] = await tx.select().from(eventSeal).where(eq(eventSeal.tenantId, ctx.tenantId)).orderBy(desc(eventSeal.seq)).limit(1);
  const rows = await tx
    .select()
    .from(event)
    .where(and(behind(ctx, last), sql`${event.txid} < pg_snapshot_xmin(pg_current_snapshot())`))
    .orderBy(asc(event.txid), asc(event.no))
    .limit(BATCH_MAX);

  let seq = last?.seq ?? 0n;
  let hash = last?.hash ?? CHAIN_START;
  const links = rows.map((row) => {
    seq += 1n;
    hash = linkHash(hash, row);
    return { tenantId: ctx.tenantId, seq, eventId: row.id, txid: row.txid, no: row.no, hash };
  });
  if (links.length > 0) await tx.insert(eventSeal).values(links);

  const newest = links.at(-1);
  const full = links.length === BATCH_MAX;
  const [waiting] = await tx
    .select({ id: event.id })
    .from(event)
    .where(behind(ctx, newest ?? last))
    .limit(1);
  return { head: newest ? { seq: newest.seq.toString(), hash: newest.hash.toString("hex") } : null, full, left: waiting !== undefined };
}

/** Events that come after a link in the sealing order. */
function behind(ctx: Ctx, link: { txid: string; no: bigint } | undefined) {
  return and(
    eq(event.tenantId, ctx.tenantId),
    link && sql`(${event.txid}, ${event.no}) > (${link.txid}::xid8, ${link.no.toString()}::bigint)`,
  );
}
