import { sql } from "drizzle-orm";
import {
  difference,
  membership,
  paymentTransaction,
  reconciliationDay,
  statement,
  statementLine,
  statementPiece,
} from "~/server/db/schema";
import type { Check } from "./checks";
import { hasRow } from "./has-row";

export const RECONCILIATION_CHECKS: readonly Check[] = [
  {
    name: "a day is balanced or locked only when nothing of it is open, and differs only when something is",
    rows: (tenantId) => sql`
      select r.id, (r.status in ('balanced', 'locked') and open.count > 0) or (r.status = 'differs' and open.count = 0 and r.unlisted = 0) as bad
        from ${reconciliationDay} r
       cross join lateral (select count(*) from ${difference} d where d.tenant_id = r.tenant_id and d.day_id = r.id and d.status = 'open') open
       where r.tenant_id = ${tenantId}`,
  },
  {
    name: "a day that was compared names its own statement, and all of that is kept",
    rows: (tenantId) => sql`
      select r.id, s.id is null or s.fetched_at is null or (select count(*) from ${statementPiece} p where p.tenant_id = s.tenant_id and p.statement_id = s.id)
                   <> (s.bytes + 1048575) / 1048576 as bad
        from ${reconciliationDay} r left join ${statement} s on s.tenant_id = r.tenant_id and s.id = r.statement_id and s.day_id = r.id
       where r.tenant_id = ${tenantId} and r.status in ('differs', 'balanced', 'locked')`,
  },
  {
    name: "a day that waits for its statement will be looked at",
    rows: (tenantId) => sql`
      select r.id, not ${hasRow(tenantId, ["reconcile-day"], sql`r.id`)} as bad
        from ${reconciliationDay} r where r.tenant_id = ${tenantId} and r.status = 'waiting'`,
  },
  {
    name: "every difference belongs to its day's channel and to a member, and an end has a reason",
    rows: (tenantId) => sql`
      select d.id,
             not exists (select 1 from ${reconciliationDay} r where r.tenant_id = d.tenant_id and r.id = d.day_id and r.channel_id = d.channel_id)
             or not exists (select 1 from ${membership} m where m.tenant_id = d.tenant_id and m.user_id = d.owner_id)
             or (d.transaction_id is not null and not exists (
                   select 1 from ${paymentTransaction} t where t.tenant_id = d.tenant_id and t.id = d.transaction_id
                      and t.payment_id = d.payment_id and t.out_trade_no = d.out_trade_no))
             or (d.status <> 'open' and (d.reason is null or d.closed_by is null)) as bad
        from ${difference} d where d.tenant_id = ${tenantId}`,
  },
  {
    name: "a statement's lines are gone once it has been compared",
    rows: (tenantId) => sql`select l.day_id as id, true as bad from ${statementLine} l where l.tenant_id = ${tenantId} limit 1`,
  },
];
