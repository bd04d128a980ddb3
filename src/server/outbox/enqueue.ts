import { sql } from "drizzle-orm";
import { newId } from "~/lib/id";
import { announce, beforeCommit, type Ctx } from "../context";
import type { Tx } from "../db/client";
import { outbox } from "../db/schema";
import type { JobName } from "./jobs";

/**
 * Notes what is still to be done, in the transaction of the change it belongs to. One row per tenant, job and subject: asking
 * again makes it due no later than asked, and a run that is under way will not erase it. A row of the tenant as a whole, which
 * every transaction asks for, is written just before the commit.
 */
export async function enqueue(tx: Tx, ctx: Ctx, job: JobName, subject: string, dueAt: Date = ctx.now()): Promise<void> {
  const work = (last: Tx) => write(last, ctx, { job, subject, dueAt });
  if (subject === ctx.tenantId) await beforeCommit(tx, job, { at: dueAt, work });
  else await work(tx);
  if (dueAt <= ctx.now()) announce(tx, { tenantId: ctx.tenantId, type: "outbox.due", subject: job });
}

async function write(tx: Tx, ctx: Ctx, row: { job: JobName; subject: string; dueAt: Date }): Promise<void> {
  await tx
    .insert(outbox)
    .values({ id: newId("job"), tenantId: ctx.tenantId, ...row, createdAt: ctx.now() })
    .onConflictDoUpdate({
      target: [outbox.tenantId, outbox.job, outbox.subject],
      set: { dueAt: sql`least(${outbox.dueAt}, excluded.due_at)`, version: sql`${outbox.version} + 1` },
    });
}
