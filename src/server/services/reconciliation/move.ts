import { and, eq, inArray } from "drizzle-orm";
import { type DayEvent, type DifferenceEvent, dayMachine, differenceMachine } from "~/domain/reconciliation";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { difference, reconciliationDay } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import type { Day, Difference } from "./queries";

type DayDetails = Partial<Omit<Day, "tenantId" | "id" | "channelId" | "day" | "status" | "createdAt" | "updatedAt">>;

/** The only writer of a day's status. Of two racing callers one gets the row, the other null. */
export async function moveDay(
  tx: Tx,
  ctx: Ctx,
  id: Id<"reconciliation">,
  event: DayEvent,
  details: DayDetails = {},
  told: Record<string, unknown> = {},
): Promise<Day | null> {
  const { from, to } = dayMachine.transitions[event];
  const [moved] = await tx
    .update(reconciliationDay)
    .set({ ...details, status: to, updatedAt: ctx.now() })
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, id), inArray(reconciliationDay.status, [...from])))
    .returning();
  if (!moved) return null;
  await emit(tx, ctx, {
    type: `reconciliation.${event}`,
    subject: id,
    details: { day: moved.day, channelId: moved.channelId, ...told },
  });
  return moved;
}

type Ending = { event: Exclude<DifferenceEvent, "reopen">; reason: string };

/** The only writer of a difference's status once it stands. Ends those that are open, each once; answers what it ended. */
export async function endDifferences(
  tx: Tx,
  ctx: Ctx,
  ids: readonly Id<"difference">[],
  { event, reason }: Ending,
  details: Partial<Pick<Difference, "foundOn">> = {},
): Promise<Difference[]> {
  if (ids.length === 0) return [];
  const { from, to } = differenceMachine.transitions[event];
  const ended = await tx
    .update(difference)
    .set({ ...details, status: to, reason, closedAt: ctx.now(), closedBy: ctx.actor.id, updatedAt: ctx.now() })
    .where(and(eq(difference.tenantId, ctx.tenantId), inArray(difference.id, [...ids]), inArray(difference.status, [...from])))
    .returning();
  await emit(
    tx,
    ctx,
    ...ended.map((one) => ({
      type: `difference.${event}`,
      subject: one.id,
      details: { kind: one.kind, outTradeNo: one.outTradeNo, reason },
    })),
  );
  return ended;
}

/** What the house had ended and a later look finds again. */
export async function reopenDifferences(tx: Tx, ctx: Ctx, ids: readonly Id<"difference">[]): Promise<void> {
  if (ids.length === 0) return;
  const { from, to } = differenceMachine.transitions.reopen;
  const opened = await tx
    .update(difference)
    .set({ status: to, reason: null, closedAt: null, closedBy: null, foundOn: null, updatedAt: ctx.now() })
    .where(and(eq(difference.tenantId, ctx.tenantId), inArray(difference.id, [...ids]), inArray(difference.status, [...from])))
    .returning();
  await emit(
    tx,
    ctx,
    ...opened.map((one) => ({ type: "difference.reopen", subject: one.id, details: { kind: one.kind, outTradeNo: one.outTradeNo } })),
  );
}
