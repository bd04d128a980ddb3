import { and, eq, sql } from "drizzle-orm";
import { dayMachine } from "~/domain/reconciliation";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { difference } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { checkWorksHere } from "~/server/services/member";
import { endDifferences, moveDay } from "./move";
import { type Day, type Difference, getDay } from "./queries";

/** Ends a difference by a person's word. The last one balances its day. Throws `not_found`, `not_allowed_now`. */
export async function resolveDifference(ctx: Ctx, id: Id<"difference">, reason: string): Promise<Difference> {
  return ctx.transaction(async (tx) => {
    await lockOpen(tx, ctx, id);
    const [ended] = await endDifferences(tx, ctx, [id], { event: "resolve", reason });
    if (!ended) throw new AppError("not_allowed_now", "difference has ended");
    await settleDay(tx, ctx, ended.dayId);
    return ended;
  });
}

/** Gives a difference to another member. Throws `not_found`, `not_allowed_now`. */
export async function assignDifference(ctx: Ctx, id: Id<"difference">, userId: Id<"user">): Promise<Difference> {
  return ctx.transaction(async (tx) => {
    const before = await lockOpen(tx, ctx, id);
    await checkWorksHere(tx, ctx, userId);
    const [assigned] = await tx
      .update(difference)
      .set({ ownerId: userId, updatedAt: ctx.now() })
      .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.id, id)))
      .returning();
    if (!assigned) throw new AppError("not_found", "difference", { what: "difference" });
    await emit(tx, ctx, { type: "difference.assign", subject: id, details: { before: before.ownerId, after: userId } });
    return assigned;
  });
}

/** Fetches the statement anew and compares again. Throws `not_allowed_now` for a locked day, or one that is being compared. */
export async function rerunDay(ctx: Ctx, id: Id<"reconciliation">): Promise<Day> {
  return command(ctx, id, async (tx) => {
    const moved = await moveDay(tx, ctx, id, "rerun", { statementId: null, failureCode: null, asks: 0, looks: 0 });
    if (moved) await enqueue(tx, ctx, "reconcile-day", id);
    return moved;
  });
}

/** Closes the books of a day: it is not compared again before somebody unlocks it. Throws `not_allowed_now` unless it is balanced. */
export const lockDay = (ctx: Ctx, id: Id<"reconciliation">): Promise<Day> => command(ctx, id, (tx) => moveDay(tx, ctx, id, "lock"));

export const unlockDay = (ctx: Ctx, id: Id<"reconciliation">): Promise<Day> => command(ctx, id, (tx) => moveDay(tx, ctx, id, "unlock"));

async function command(ctx: Ctx, id: Id<"reconciliation">, act: (tx: Tx) => Promise<Day | null>): Promise<Day> {
  return ctx.transaction(async (tx) => {
    const moved = await act(tx);
    if (moved) return moved;
    const { status } = await getDay(tx, ctx, id);
    throw new AppError("not_allowed_now", "the day is in another state", { status });
  });
}

/** A day is balanced once nothing of it is open. Whoever ends a difference calls this in the same transaction. */
export async function settleDay(tx: Tx, ctx: Ctx, dayId: Id<"reconciliation">): Promise<void> {
  const day = await getDay(tx, ctx, dayId);
  if (day.status !== "differs" || day.unlisted > 0 || !dayMachine.can(day.status, "balance")) return;
  const [open] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(difference)
    .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.dayId, dayId), eq(difference.status, "open")));
  if (open?.count === 0) await moveDay(tx, ctx, dayId, "balance");
}

async function lockOpen(tx: Tx, ctx: Ctx, id: Id<"difference">): Promise<Difference> {
  const [found] = await tx
    .select()
    .from(difference)
    .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.id, id)))
    .for("update");
  if (!found) throw new AppError("not_found", "difference", { what: "difference" });
  if (found.status !== "open") throw new AppError("not_allowed_now", "difference has ended", { status: found.status });
  return found;
}
