import { type SQL, sql } from "drizzle-orm";
import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import {
  channel,
  facetofaceBatch,
  facetofaceOrder,
  notification,
  openTransaction,
  outbox,
  payment,
  paymentTransaction,
  pendingPayment,
  reconciliationDay,
} from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { JobName } from "~/server/outbox/jobs";
import { unsealedEvents } from "./checks";
import { isAbandoned } from "./facetoface-checks";
import { hasRow } from "./has-row";

/** Written again at most at once; what is left comes with the next sweep. */
const LIMIT = 500;

type Missing = { job: JobName; subject: string };

/** Jobs that only come round again and again: the first sweep that sees the tenant or the channel begins them. */
const RECURRING: readonly string[] = ["tidy-up", "check-books", "refresh-certificates", "begin-days"] satisfies JobName[];

/**
 * Writes the outbox rows that unfinished objects need and have not, due now (IDEM-07). Every command writes them together with its
 * change, so on a healthy day this finds nothing. Answers what
 * should not have been missing.
 */
export async function recreateMissingJobs(ctx: Ctx): Promise<Missing[]> {
  return ctx.transaction(async (tx) => {
    const missing = await findMissing(tx, ctx);
    for (const { job, subject } of missing) await enqueue(tx, ctx, job, subject);
    return missing.filter(({ job }) => !RECURRING.includes(job));
  });
}

async function findMissing(tx: Tx, ctx: Ctx): Promise<Missing[]> {
  const { tenantId } = ctx;
  const open = sql.raw(OPEN_TRANSACTION_STATUSES.map((status) => `'${status}'`).join(", "));
  const without = (subject: SQL, ...jobs: JobName[]) => sql`not ${hasRow(tenantId, jobs, subject)}`;
  return tx.execute<Missing>(sql`
    (select 'query-transaction' as job, t.id as subject from ${openTransaction} l
       join ${paymentTransaction} t on t.tenant_id = l.tenant_id and t.id = l.transaction_id
      where l.tenant_id = ${tenantId} and t.status in (${open}) and ${without(sql`t.id`, "query-transaction", "close-transaction")})
    union all
    (select 'expire-payment', p.id from ${pendingPayment} l join ${payment} p on p.tenant_id = l.tenant_id and p.id = l.payment_id
      where l.tenant_id = ${tenantId} and p.status = 'pending' and ${without(sql`p.id`, "expire-payment", "cancel-payment")})
    union all
    (select 'finish-payment', p.id from ${pendingPayment} l join ${payment} p on p.tenant_id = l.tenant_id and p.id = l.payment_id
      where l.tenant_id = ${tenantId} and p.status <> 'pending' and ${without(sql`p.id`, "finish-payment")})
    union
    (select 'finish-payment', p.id from ${openTransaction} l join ${payment} p on p.tenant_id = l.tenant_id and p.id = l.payment_id
      where l.tenant_id = ${tenantId} and p.status <> 'pending'
        and ${without(sql`l.transaction_id`, "close-transaction")} and ${without(sql`p.id`, "finish-payment")})
    union all
    (select 'apply-notification', n.id from ${notification} n
      where n.tenant_id = ${tenantId} and n.state = 'waiting' and ${without(sql`n.id`, "apply-notification")})
    union all
    (select 'refresh-certificates', c.id from ${channel} c
      where c.tenant_id = ${tenantId} and c.provider = 'wechat' and c.status = 'enabled' and c.deleted_at is null
        and ${without(sql`c.id`, "refresh-certificates")})
    union all
    (select 'submit-facetoface', f.id from ${facetofaceOrder} f
      where f.tenant_id = ${tenantId} and f.status = 'init' and f.failure_code is null and ${without(sql`f.id`, "submit-facetoface")})
    union all
    (select 'cancel-facetoface-batch', b.batch_no from ${facetofaceBatch} b join ${facetofaceOrder} f on f.tenant_id = b.tenant_id and f.id = b.order_id
      where b.tenant_id = ${tenantId} and ${isAbandoned} and ${without(sql`b.batch_no`, "cancel-facetoface-batch")})
    union all
    (select 'poll-facetoface', ${tenantId}::text
      where ${without(sql`${tenantId}`, "poll-facetoface")}
        and exists (select 1 from ${facetofaceOrder} f where f.tenant_id = ${tenantId} and f.next_query_at is not null))
    union all
    (select 'reconcile-day', r.id from ${reconciliationDay} r
      where r.tenant_id = ${tenantId} and r.status = 'waiting' and ${without(sql`r.id`, "reconcile-day")})
    union all
    (select 'begin-days', ${tenantId}::text where ${without(sql`${tenantId}`, "begin-days")})
    union all
    (select 'tidy-up', ${tenantId}::text where ${without(sql`${tenantId}`, "tidy-up")})
    union all
    (select 'check-books', ${tenantId}::text where ${without(sql`${tenantId}`, "check-books")})
    union all
    (select 'seal-events', ${tenantId}::text
      where ${without(sql`${tenantId}`, "seal-events")} and exists (${unsealedEvents(tenantId)})
        and not exists (select 1 from ${outbox} o where o.tenant_id = ${tenantId} and o.job = 'finish-payment'))
    limit ${LIMIT}`);
}
