import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import { countsBetween } from "./roll-up";

/**
 * Each hour and method that the roll-up claims to know for good, as `id`, and whether a recount of the books says otherwise, as
 * `bad`. The newest hour is still being counted; while a recount is due, so is the one before it.
 */
export function rollUpRows(tenantId: string): SQL {
  const due = sql`exists (select 1 from app.outbox o where o.tenant_id = ${tenantId} and o.job in ('roll-up', 'finish-payment'))`;
  const bound = sql`(select coalesce(max(hour) - case when ${due} then interval '1 hour' else interval '0' end, '-infinity')
    from app.payment_hour where tenant_id = ${tenantId})`;
  return sql`
    with recounted as (
      select hour, method, sum(created_count) as created_count, sum(created_fen) as created_fen, sum(closed_count) as closed_count,
             sum(paid_count) as paid_count, sum(paid_fen) as paid_fen
        from (${countsBetween(tenantId, sql`'-infinity'::timestamptz`, bound)}) counted
       group by hour, method)
    select coalesce(h.hour, r.hour)::text || ' ' || coalesce(h.method, r.method) as id,
           (h.created_count, h.created_fen, h.closed_count, h.paid_count, h.paid_fen)
             is distinct from (r.created_count, r.created_fen, r.closed_count, r.paid_count, r.paid_fen) as bad
      from (select * from app.payment_hour where tenant_id = ${tenantId} and hour < ${bound}) h
      full join recounted r on r.hour = h.hour and r.method = h.method`;
}

/** Compares the roll-up with a recount of everything. Reads the whole tenant: for checks, never for a page. */
export async function checkRollUp(ctx: Ctx): Promise<{ checked: number; broken: string[] }> {
  return ctx.read(async (tx) => {
    const rows = await tx.execute<{ id: string; bad: boolean }>(rollUpRows(ctx.tenantId));
    return { checked: rows.length, broken: rows.filter((row) => row.bad).map((row) => row.id) };
  });
}
