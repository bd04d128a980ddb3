import { type SQL, sql } from "drizzle-orm";
import type { Method } from "~/domain/provider";
import { type Fen, fen } from "~/lib/money";
import { hours } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { countsBetween } from "./roll-up";

/** `any` counts payments; a method counts its attempts and what came in by it. */
export type Counted = { createdCount: number; createdFen: Fen; closedCount: number; paidCount: number; paidFen: Fen };
export type Bucket = Counted & { bucket: string; method: Method | "any" };

/** What one row of the answer spans: "2026-11-20 09" or "2026-11-20" in Beijing, or all of it. */
const BUCKETS = {
  hour: sql`to_char(hour at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24')`,
  day: sql`to_char(hour at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`,
  all: sql`''`,
} satisfies Record<string, SQL>;

/** First and last hour that were rolled up; null before the first payment. */
export async function rolledHours(tx: Tx, ctx: Ctx): Promise<{ first: Date; newest: Date } | null> {
  const [row] = await tx.execute<{ first: string | null; newest: string | null }>(sql`
    select (extract(epoch from min(hour)) * 1000)::bigint::text as first, (extract(epoch from max(hour)) * 1000)::bigint::text as newest
      from app.payment_hour where tenant_id = ${ctx.tenantId}`);
  return row?.first && row.newest ? { first: new Date(Number(row.first)), newest: new Date(Number(row.newest)) } : null;
}

type Window = { from: Date; until: Date; newest: Date | null; by: keyof typeof BUCKETS };

/**
 * What happened from `from` on and before `until`. Whole hours come from the roll-up; the part of an hour at the end, and what
 * is not rolled up yet, is counted from the rows themselves, so that the figures are exact whatever the worker does.
 */
export async function countWindow(tx: Tx, ctx: Ctx, { from, until, newest, by }: Window): Promise<Bucket[]> {
  const lastHour = Math.floor(until.getTime() / hours(1)) * hours(1);
  const liveFrom = new Date(Math.max(from.getTime(), Math.min(lastHour, newest?.getTime() ?? 0)));
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  const rows = await tx.execute<
    Record<"bucket" | "method" | "created_fen" | "paid_fen", string> & Record<"created" | "closed" | "paid", number>
  >(sql`
    select ${BUCKETS[by]} as bucket, method, sum(created_count)::int as created, sum(created_fen)::text as created_fen,
           sum(closed_count)::int as closed, sum(paid_count)::int as paid, sum(paid_fen)::text as paid_fen
      from (
        select hour, method, created_count, created_fen, closed_count, paid_count, paid_fen
          from app.payment_hour where tenant_id = ${ctx.tenantId} and hour >= ${at(from)} and hour < ${at(liveFrom)}
        union all
        ${countsBetween(ctx.tenantId, at(liveFrom), at(until))}
      ) counted
     group by 1, 2`);
  return rows.map((row) => ({
    bucket: row.bucket,
    method: row.method as Bucket["method"],
    createdCount: row.created,
    createdFen: fen(BigInt(row.created_fen)),
    closedCount: row.closed,
    paidCount: row.paid,
    paidFen: fen(BigInt(row.paid_fen)),
  }));
}
