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
      const from = await firstMissing(tx, ctx, id, today);
      const until = deletedAt ? addDays(beijingDate(deletedAt), AFTER_DELETION_DAYS + 1) : today;
      if (!from) continue;
      // The newest first: of a channel that is new here many days begin at once, and a provider is not asked for all of them in one moment.
      let place = 0;
      for (let day = addDays(earlier(today, until), -1); day >= from; day = addDays(day, -1), place += 1) {
        await beginDay(tx, ctx, id, day, after(ctx.now(), place * PACE_MS));
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

/** The day after the last one begun; for a channel without any, the day of its first attempt. Null while nobody has tried to pay through it. */
async function firstMissing(tx: Tx, ctx: Ctx, channelId: Id<"channel">, today: CivilDate): Promise<CivilDate | null> {
  const oldest = addDays(today, -DAYS_BACK_MAX);
  const [last] = await tx
    .select({ day: sql<CivilDate | null>`max(${reconciliationDay.day})` })
    .from(reconciliationDay)
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.channelId, channelId)));
  if (last?.day) return last.day < oldest ? oldest : addDays(last.day, 1);
  const [first] = await tx
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
  return first ? beijingDate(first.at) : null;
}

const latest = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: CivilDate, b: CivilDate): CivilDate => (a < b ? a : b);
