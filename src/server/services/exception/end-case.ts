import { and, eq, inArray } from "drizzle-orm";
import { type CaseEvent, caseMachine } from "~/domain/exception";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { exceptionCase } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import type { ExceptionCase } from "./open-case";

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

/**
 * A callback named another amount, and the provider, asked by us, named the right one: the doubt is over and no money is at risk.
 * The message itself stays refused in the inbox.
 */
export async function dismissAnsweredDoubt(tx: Tx, ctx: Ctx, transactionId: Id<"transaction">): Promise<void> {
  const [doubt] = await tx
    .select({ id: exceptionCase.id })
    .from(exceptionCase)
    .where(
      and(
        eq(exceptionCase.tenantId, ctx.tenantId),
        eq(exceptionCase.kind, "wrong_amount"),
        eq(exceptionCase.dedupeKey, transactionId),
        eq(exceptionCase.status, "open"),
      ),
    );
  if (doubt) await endCase(tx, ctx, doubt.id, "dismiss", "confirmed_by_query");
}
