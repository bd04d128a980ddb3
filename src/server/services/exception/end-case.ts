import { and, eq, inArray } from "drizzle-orm";
import { type CaseEvent, caseMachine, type OwnReason } from "~/domain/exception";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { exceptionCase } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { type ExceptionCase, findCaseByKey } from "./open-case";

/** The only writer of a case's status. A case ends with a reason, and once. */
export async function endCase(tx: Tx, ctx: Ctx, id: Id<"case">, event: CaseEvent, reason: string): Promise<ExceptionCase | null> {
  const { from, to } = caseMachine.transitions[event];
  const [ended] = await tx
    .update(exceptionCase)
    .set({ status: to, reason, closedAt: ctx.now(), closedBy: ctx.actor.id, updatedAt: ctx.now() })
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.id, id), inArray(exceptionCase.status, [...from])))
    .returning();
  if (!ended) return null;
  await emit(tx, ctx, {
    type: `exception.${event}`,
    subject: id,
    details: { kind: ended.kind, amountFen: ended.amountFen.toString(), reason },
  });
  return ended;
}

/** The order of an unknown payment was found and its message applied: the money has its place. */
export async function attachFoundOrder(tx: Tx, ctx: Ctx, dedupeKey: string): Promise<void> {
  const unknown = await findCaseByKey(tx, ctx, "unknown_order", dedupeKey);
  if (unknown) await endCase(tx, ctx, unknown.id, "attach", "order_found" satisfies OwnReason);
}

/**
 * A callback named another amount, and the provider, asked by us, named the right one: the doubt is over and no money is at risk.
 * The message itself stays refused in the inbox.
 */
export async function dismissAnsweredDoubt(tx: Tx, ctx: Ctx, transactionId: Id<"transaction">): Promise<void> {
  const doubt = await findCaseByKey(tx, ctx, "wrong_amount", transactionId);
  if (doubt) await endCase(tx, ctx, doubt.id, "dismiss", "confirmed_by_query" satisfies OwnReason);
}
