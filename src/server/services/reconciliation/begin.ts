import { and, asc, eq, gte, sql } from "drizzle-orm";
import { DAYS_BACK_MAX, dayMachine, readyAt } from "~/domain/reconciliation";
import { type Id, newId } from "~/lib/id";
import { addDays, after, beijingDate, type CivilDate, minutes, seconds, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, paymentTransaction, reconciliationDay } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import type { Day } from "./queries";

/** A little into the new day, so that no clock still stands in the old one. */
const BEGIN_AT_MS = minutes(5);
/** Alipay lets an unpaid trade live for 15 days: so long may a deleted channel still receive money. */
const AFTER_DELETION_DAYS = 15;
/** Between the statements of days that begin together. */
const PACE_MS = seconds(2);

/** Job: begins every day that has ended, of every channel that was ever used, each with its job. Answers when the next one has ended. */
export async function beginDays(ctx: Ctx): Promise<Date> {
  const today = beijingDate(ctx.now());
  await ctx.transaction(async (tx) => {
    const channels = await tx
      .select({ id: channel.id, deletedAt: channel.deletedAt })
      .from(channel)
      .where(eq(channel.tenantId, ctx.tenantId))
      .orderBy(asc(channel.createdAt), asc(channel.id));
    for (const { id, deletedAt } of channels) {
      const { from, begun } = await standingOf(tx, ctx, id, today);
      if (!from) continue;
      const until = deletedAt ? addDays(beijingDate(deletedAt), AFTER_DELETION_DAYS + 1) : today;
      // The newest first: of a channel that is new here many days begin at once, and a provider is not asked for all of them in one moment.
      let place = 0;
      for (let day = addDays(earlier(today, until), -1); day >= from; day = addDays(day, -1)) {
        if (begun.has(day)) continue;
        await beginDay(tx, ctx, id, day, after(ctx.now(), place * PACE_MS));
        place += 1;
      }
    }
  });
  return after(startOfBeijingDate(addDays(today, 1)), BEGIN_AT_MS);
}

/** Begins one day unless it was begun before; answers it only when it is new. Its statement is asked for at `at`, or once it can be there. */
export async function beginDay(tx: Tx, ctx: Ctx, channelId: Id<"channel">, day: CivilDate, at: Date = ctx.now()): Promise<Day | null> {
  const now = ctx.now();
  const [begun] = await tx
    .insert(reconciliationDay)
    .values({
      tenantId: ctx.tenantId,
      id: newId("reconciliation"),
      channelId,
      day,
      status: dayMachine.initial,
      begunAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning();
  if (!begun) return null;
  await emit(tx, ctx, { type: "reconciliation.begin", subject: begun.id, details: { day, channelId } });
  await enqueue(tx, ctx, "reconcile-day", begun.id, latest(at, readyAt(day)));
  return begun;
}

/**
 * A channel's days that were begun, as far back as a statement can be had, and the first that should be: of its first attempt, or the one
 * after the last begun. Null while nobody has tried to pay through it.
 */
async function standingOf(
  tx: Tx,
  ctx: Ctx,
  channelId: Id<"channel">,
  today: CivilDate,
): Promise<{ from: CivilDate | null; begun: ReadonlySet<CivilDate> }> {
  const oldest = addDays(today, -DAYS_BACK_MAX);
  const rows = await tx
    .select({ day: reconciliationDay.day })
    .from(reconciliationDay)
    .where(
      and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.channelId, channelId), gte(reconciliationDay.day, oldest)),
    );
  const [last] = await tx
    .select({ day: sql<CivilDate | null>`max(${reconciliationDay.day})` })
    .from(reconciliationDay)
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.channelId, channelId)));
  const [attempt] = await tx
    .select({ at: paymentTransaction.createdAt })
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.channelId, channelId),
        gte(paymentTransaction.createdAt, startOfBeijingDate(oldest)),
      ),
    )
    .orderBy(asc(paymentTransaction.createdAt))
    .limit(1);
  const next = last?.day ? later(addDays(last.day, 1), oldest) : null;
  const first = attempt ? beijingDate(attempt.at) : null;
  return { from: next && first ? earlier(next, first) : (next ?? first), begun: new Set(rows.map(({ day }) => day)) };
}

const latest = (a: Date, b: Date): Date => (a > b ? a : b);
const later = (a: CivilDate, b: CivilDate): CivilDate => (a > b ? a : b);
const earlier = (a: CivilDate, b: CivilDate): CivilDate => (a < b ? a : b);
