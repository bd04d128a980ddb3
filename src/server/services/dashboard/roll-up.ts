import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";

/**
 * Job: counts the hours anew since the one before the last that was rolled, or since the first payment. Set-based and
 * idempotent: an hour is written as it is, never added to. Created and closed count by their own instants, money by the hour of
 * our books, so that an hour that is over changes no more.
 */
export async function rollUp(ctx: Ctx): Promise<Date | null> {
  await ctx.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`roll-up:${ctx.tenantId}`}, 0))`);
    const since = await firstDirtyHour(tx, ctx);
    if (since) await recount(tx, ctx, since);
  });
  return null;
}

/**
 * An hour behind the newest: a transaction that began before the hour's end may have committed after it was rolled. Where a test
 * clock was set back, the hours that come again are counted again.
 */
async function firstDirtyHour(tx: Tx, ctx: Ctx): Promise<string | null> {
  const [row] = await tx.execute<{ since: string | null }>(sql`
    select coalesce(
      (select least(max(hour), date_trunc('hour', ${ctx.now().toISOString()}::timestamptz)) - interval '1 hour'
         from app.payment_hour where tenant_id = ${ctx.tenantId} having max(hour) is not null),
      (select date_trunc('hour', min(created_at)) from app.payment where tenant_id = ${ctx.tenantId})
    )::text as since`);
  return row?.since ?? null;
}

async function recount(tx: Tx, ctx: Ctx, since: string): Promise<void> {
  await tx.execute(sql`delete from app.payment_hour where tenant_id = ${ctx.tenantId} and hour >= ${since}::timestamptz`);
  await tx.execute(sql`
    insert into app.payment_hour (tenant_id, hour, method, created_count, created_fen, closed_count, paid_count, paid_fen)
    select ${ctx.tenantId}, hour, method, sum(created_count), sum(created_fen), sum(closed_count), sum(paid_count), sum(paid_fen)
    from (${countsBetween(ctx.tenantId, sql`${since}::timestamptz`)}) counted
    group by hour, method`);
}

/**
 * One row per fact from `from` on and before `until`; the caller groups them. Every branch reads an index that begins with the
 * tenant and the instant, so a window costs what happened in it.
 */
export function countsBetween(tenantId: string, from: SQL, until: SQL = sql`'infinity'::timestamptz`): SQL {
  return sql`
    select date_trunc('hour', created_at) as hour, 'any' as method, 1 as created_count, amount_fen as created_fen, 0 as closed_count, 0 as paid_count, 0::bigint as paid_fen
      from app.payment where tenant_id = ${tenantId} and created_at >= ${from} and created_at < ${until}
    union all
    select date_trunc('hour', closed_at), 'any', 0, 0, 1, 0, 0
      from app.payment where tenant_id = ${tenantId} and status = 'closed' and closed_at >= ${from} and closed_at < ${until}
    union all
    select date_trunc('hour', created_at), method, 1, amount_fen, 0, 0, 0
      from app.transaction where tenant_id = ${tenantId} and created_at >= ${from} and created_at < ${until}
    union all
    select date_trunc('hour', e.booked_at), m.method, 0, 0, 0, 1, -e.amount_fen
      from app.entry e
      join app.transaction t on t.tenant_id = e.tenant_id and t.id = e.transaction_id
      cross join lateral (values ('any'), (t.method)) m(method)
      where e.tenant_id = ${tenantId} and e.account = 'orders' and e.booked_at >= ${from} and e.booked_at < ${until}`;
}
