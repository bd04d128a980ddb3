import { and, asc, eq, lte, sql } from "drizzle-orm";
import { after, minutes, seconds } from "~/lib/time";
import type { SystemCtx } from "../context";
import { outbox } from "../db/schema";

/** Rows leased at once. */
export const BATCH_MAX = 200;
/** Longer than any handler may run; a worker that dies delays its rows by this and loses none. */
export const LEASE_MS = minutes(2);

export type Claimed = { id: string; tenantId: string; job: string; subject: string; attempts: number; version: number };

/** Leases due rows. The due time moves ahead first, so a worker that dies delays its rows and loses none. */
export async function claimDue({ db, now }: Pick<SystemCtx, "db" | "now">, limit = BATCH_MAX): Promise<Claimed[]> {
  const due = db.orm
    .select({ tenantId: outbox.tenantId, job: outbox.job, subject: outbox.subject })
    .from(outbox)
    .where(lte(outbox.dueAt, now()))
    .orderBy(asc(outbox.dueAt))
    .limit(Math.min(limit, BATCH_MAX))
    .for("update", { skipLocked: true });
  return db.orm
    .update(outbox)
    .set({ attempts: sql`${outbox.attempts} + 1`, dueAt: after(now(), LEASE_MS) })
    .where(sql`(${outbox.tenantId}, ${outbox.job}, ${outbox.subject}) in (${due})`)
    .returning({
      id: outbox.id,
      tenantId: outbox.tenantId,
      job: outbox.job,
      subject: outbox.subject,
      attempts: outbox.attempts,
      version: outbox.version,
    });
}

/**
 * The row as this run claimed it: not a later one of the same name, nor one that somebody has claimed since, because it was asked
 * for again or its lease ran out. Then the row is theirs, and what becomes of it is not ours to say.
 */
const isStillOurs = ({ tenantId, job, subject, id, attempts }: Claimed) =>
  and(
    eq(outbox.tenantId, tenantId as never),
    eq(outbox.job, job),
    eq(outbox.subject, subject),
    eq(outbox.id, id as never),
    eq(outbox.attempts, attempts),
  );

/** Done: the row goes, unless it was asked for again meanwhile; then it is due at once. */
export async function finish({ db, now }: Pick<SystemCtx, "db" | "now">, row: Claimed): Promise<void> {
  const gone = await db.orm
    .delete(outbox)
    .where(and(isStillOurs(row), eq(outbox.version, row.version)))
    .returning({ id: outbox.id });
  if (gone.length === 0) await db.orm.update(outbox).set({ dueAt: now(), attempts: 0 }).where(isStillOurs(row));
}

/** The handler asked to be called again at `dueAt`; a wish to be called earlier that came meanwhile is kept. */
export async function reschedule({ db, now }: Pick<SystemCtx, "db" | "now">, row: Claimed, dueAt: Date): Promise<void> {
  const at = dueAt.toISOString();
  await db.orm
    .update(outbox)
    .set({
      dueAt: sql`case when ${outbox.version} = ${row.version} then ${at}::timestamptz else ${now().toISOString()}::timestamptz end`,
      attempts: 0,
      lastError: null,
    })
    .where(isStillOurs(row));
}

const RETRY_FIRST_MS = seconds(1);
const RETRY_MAX_MS = minutes(10);

/** Full jitter over a doubling gap: 1 s, 2 s, 4 s … at most ten minutes. There is no last try: the row stays until it is done. */
export function retryGapMs(attempts: number, random: () => number = Math.random): number {
  const ceiling = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random());
}

/** The handler threw: try later. `reason` is a code, never a provider's text. */
export async function retryLater({ db, now }: Pick<SystemCtx, "db" | "now">, row: Claimed, reason: string): Promise<void> {
  await db.orm
    .update(outbox)
    .set({ dueAt: after(now(), retryGapMs(row.attempts)), lastError: reason.slice(0, 200) })
    .where(isStillOurs(row));
}
