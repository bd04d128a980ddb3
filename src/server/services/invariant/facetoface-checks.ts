import { sql } from "drizzle-orm";
import { facetofaceBatch, facetofaceOrder } from "~/server/db/schema";
import type { Check } from "./checks";
import { hasRow } from "./has-row";

const isAsked = sql`(f.status in ('submitted', 'merchant_auditing', 'merchant_confirm'))`;

/** A batch `b` that is open, and that its application `f` uses no more. */
export const isAbandoned = sql`b."end" is null and not (f.status = 'init' and f.batch_no is not distinct from b.batch_no)`;

/** What must hold of applications, in the same form as what must hold of the books. */
export const FACETOFACE_CHECKS: readonly Check[] = [
  {
    name: "a submitted application has its one submitted batch",
    rows: (tenantId) => sql`
      select f.id,
             (select count(*) from ${facetofaceBatch} b where b.tenant_id = f.tenant_id and b.order_id = f.id and b."end" = 'submitted') > 1
             or (${isAsked} or f.status = 'success') and not exists (
                  select 1 from ${facetofaceBatch} b where b.tenant_id = f.tenant_id and b.batch_no = f.batch_no and b.order_id = f.id
                     and b."end" = 'submitted') as bad
        from ${facetofaceOrder} f where f.tenant_id = ${tenantId}`,
  },
  {
    name: "an application is asked about while it is under review, and at no other time",
    rows: (tenantId) => sql`
      select f.id, ${isAsked} <> (f.next_query_at is not null) as bad from ${facetofaceOrder} f where f.tenant_id = ${tenantId}`,
  },
  {
    name: "every application that waits to be submitted has its job",
    rows: (tenantId) => sql`
      select f.id, not ${hasRow(tenantId, ["submit-facetoface"], sql`f.id`)} as bad
        from ${facetofaceOrder} f where f.tenant_id = ${tenantId} and f.status = 'init' and f.failure_code is null`,
  },
  {
    name: "every batch that nothing uses will be cancelled",
    rows: (tenantId) => sql`
      select b.batch_no as id, not ${hasRow(tenantId, ["cancel-facetoface-batch"], sql`b.batch_no`)} as bad
        from ${facetofaceBatch} b join ${facetofaceOrder} f on f.tenant_id = b.tenant_id and f.id = b.order_id
       where b.tenant_id = ${tenantId} and ${isAbandoned}`,
  },
  {
    name: "a tenant asks about its applications under review",
    rows: (tenantId) => sql`
      select ${tenantId}::text as id, not ${hasRow(tenantId, ["poll-facetoface"], sql`${tenantId}`)} as bad
       where exists (select 1 from ${facetofaceOrder} f where f.tenant_id = ${tenantId} and f.next_query_at is not null)`,
  },
];
