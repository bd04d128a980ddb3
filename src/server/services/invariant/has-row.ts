import { type SQL, sql } from "drizzle-orm";
import { outbox } from "~/server/db/schema";
import type { JobName } from "~/server/outbox/jobs";

/** Whether something is still to be done about a subject, by one of these jobs. */
export const hasRow = (tenantId: string, jobs: readonly JobName[], subject: SQL) => sql`exists (
  select 1 from ${outbox} o where o.tenant_id = ${tenantId} and o.subject = ${subject}
     and o.job in (${sql.join(
       jobs.map((job) => sql`${job}`),
       sql`, `,
     )}))`;
