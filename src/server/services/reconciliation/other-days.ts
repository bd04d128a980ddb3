import { and, eq, isNotNull, like, ne, notInArray, sql } from "drizzle-orm";
import type { ClearReason } from "~/domain/reconciliation";
import { newId } from "~/lib/id";
import { addDays, beijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { difference } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import type { Compared } from "./compared";
import { settleDay } from "./desk";
import type { OtherDay } from "./find";
import { endDifferences } from "./move";
import { ownerOfDifferences } from "./owner";
import { findDay } from "./queries";

/** Payments around midnight: in one day's statement, and in our books on the day beside it. */

const REASON = "found_on_other_day" satisfies ClearReason;

/** What this statement holds of other days is told by these keys, so that no other difference of the day has the same. */
const keyOf = (outTradeNo: string): string => `theirs:${outTradeNo}`;

/**
 * What this statement holds and our books have on another day: the other day stops missing it, whether it has been compared or not.
 * So it is written down here, ended from the first, and what the other day had opened is ended.
 */
export async function writeOtherDays(tx: Tx, ctx: Ctx, compared: Compared, lines: readonly OtherDay[]): Promise<void> {
  await forgetOthers(tx, ctx, compared, lines);
  if (lines.length === 0) return;
  const { dayId, day, channelId } = compared;
  const now = ctx.now();
  const ownerId = await ownerOfDifferences(tx, ctx);
  const written = await tx
    .insert(difference)
    .values(
      lines.map((line) => ({
        tenantId: ctx.tenantId,
        id: newId("difference"),
        dayId,
        channelId,
        kind: "late" as const,
        key: keyOf(line.outTradeNo),
        status: "cleared" as const,
        outTradeNo: line.outTradeNo,
        tradeNo: line.tradeNo,
        transactionId: line.transactionId,
        paymentId: line.paymentId,
        ourFen: line.fen,
        theirFen: line.fen,
        facts: { ourState: "succeeded", theirState: null, ourAt: line.paidAt.toISOString(), theirAt: line.at.toISOString() },
        foundOn: day,
        ownerId,
        reason: REASON,
        openedAt: now,
        closedAt: now,
        closedBy: ctx.actor.id,
        updatedAt: now,
      })),
    )
    .onConflictDoUpdate({
      target: [difference.tenantId, difference.dayId, difference.kind, difference.key],
      set: { foundOn: day, updatedAt: now },
      setWhere: sql`${difference.foundOn} is null`,
    })
    .returning({ id: difference.id, kind: difference.kind, outTradeNo: difference.outTradeNo });
  await emit(
    tx,
    ctx,
    ...written.map(({ id, ...about }) => ({ type: "difference.clear", subject: id, details: { ...about, reason: REASON, foundOn: day } })),
  );
  await endMissing(tx, ctx, compared, lines);
}

/** The other days' own differences about these payments. */
async function endMissing(tx: Tx, ctx: Ctx, { dayId, day, channelId }: Compared, lines: readonly OtherDay[]): Promise<void> {
  const missing = await tx
    .select({ id: difference.id, dayId: difference.dayId })
    .from(difference)
    .where(
      and(
        eq(difference.tenantId, ctx.tenantId),
        eq(difference.channelId, channelId),
        ne(difference.dayId, dayId),
        eq(difference.status, "open"),
        sql`${difference.kind} in ('late', 'missing_there')`,
        sql`${difference.transactionId} = any(${sql.param(`{${lines.map(({ transactionId }) => transactionId).join(",")}}`)}::text[])`,
      ),
    );
  await endDifferences(
    tx,
    ctx,
    missing.map(({ id }) => id),
    { event: "clear", reason: REASON },
    { foundOn: day },
  );
  for (const other of new Set(missing.map((one) => one.dayId))) await settleDay(tx, ctx, other);
}

/** What an earlier version of this statement held and this one does not: its own day has to look for it again. */
async function forgetOthers(tx: Tx, ctx: Ctx, { dayId, channelId }: Compared, lines: readonly OtherDay[]): Promise<void> {
  const gone = await tx
    .update(difference)
    .set({ foundOn: null, updatedAt: ctx.now() })
    .where(
      and(
        eq(difference.tenantId, ctx.tenantId),
        eq(difference.dayId, dayId),
        eq(difference.kind, "late"),
        like(difference.key, keyOf("%")),
        isNotNull(difference.foundOn),
        lines.length > 0
          ? notInArray(
              difference.key,
              lines.map(({ outTradeNo }) => keyOf(outTradeNo)),
            )
          : undefined,
      ),
    )
    .returning({ facts: difference.facts, transactionId: difference.transactionId });
  for (const { facts, transactionId } of gone) {
    if (!transactionId || !facts.ourAt) continue;
    const own = await findDay(tx, ctx, channelId, beijingDate(new Date(facts.ourAt)));
    if (!own || own.status === "locked") continue;
    // What that day had opened and this one had ended says where it was found; it is not there any more.
    await tx
      .update(difference)
      .set({ foundOn: null, updatedAt: ctx.now() })
      .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.dayId, own.id), eq(difference.transactionId, transactionId)));
    await enqueue(tx, ctx, "reconcile-day", own.id);
  }
}

/** What the days beside this one had put off until this one is compared is decided now, one way or the other. */
export async function remindNeighbours(tx: Tx, ctx: Ctx, { day, channelId }: Compared): Promise<void> {
  for (const beside of [addDays(day, -1), addDays(day, 1)]) {
    const other = await findDay(tx, ctx, channelId, beside);
    if (other?.status !== "differs") continue;
    const [late] = await tx
      .select({ id: difference.id })
      .from(difference)
      .where(
        and(
          eq(difference.tenantId, ctx.tenantId),
          eq(difference.dayId, other.id),
          eq(difference.status, "open"),
          eq(difference.kind, "late"),
        ),
      )
      .limit(1);
    if (late) await enqueue(tx, ctx, "reconcile-day", other.id);
  }
}
