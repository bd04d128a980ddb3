import { sql } from "drizzle-orm";
import { newId } from "~/lib/id";
import { announce, type Ctx } from "../context";
import type { Tx } from "../db/client";
import { outbox } from "../db/schema";
import type { JobName } from "./jobs";

/**
 * Notes what is still to be done, in the transaction of the change it belongs to. One row per tenant, job and subject: asking
 * again makes it due no later than asked, and a run that is under way will not erase it.
 */
export async function enqueue(tx: Tx, ctx: Ctx, job: JobName, subject: string, dueAt: Date = ctx.now()): Promise<void> {
  await tx
    .insert(outbox)
    .values({ id: newId("job"), tenantId: ctx.tenantId, job, subject, dueAt, createdAt: ctx.now() })
    .onConflictDoUpdate({
      target: [outbox.tenantId, outbox.job, outbox.subject],
      set: { dueAt: sql`least(${outbox.dueAt}, excluded.due_at)`, version: sql`${outbox.version} + 1` },
    });
  if (dueAt <= ctx.now()) announce(tx, { tenantId: ctx.tenantId, type: "outbox.due", subject: job });
}
