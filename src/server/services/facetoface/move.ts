import { and, eq, inArray } from "drizzle-orm";
import { type FacetofaceEvent, facetofaceMachine } from "~/domain/facetoface";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofaceOrder } from "~/server/db/schema";
import { emit } from "~/server/services/event";

export type FacetofaceOrder = typeof facetofaceOrder.$inferSelect;

/** Everything that may change together with the status; identity, tenant and the status itself are not among it. */
export type OrderDetails = Partial<
  Omit<FacetofaceOrder, "tenantId" | "id" | "channelId" | "status" | "createdBy" | "createdAt" | "updatedAt">
>;

/**
 * The only writer of an application's status. Of two racing callers one gets the row, the other null. `why` stands in the event:
 * masked, never personal.
 */
export async function moveOrder(
  tx: Tx,
  ctx: Ctx,
  id: FacetofaceOrder["id"],
  event: FacetofaceEvent,
  details: OrderDetails = {},
  why: Record<string, unknown> = {},
): Promise<FacetofaceOrder | null> {
  const { from, to } = facetofaceMachine.transitions[event];
  const ends = facetofaceMachine.isFinal(to) ? { endedAt: ctx.now(), nextQueryAt: null, stepLeaseUntil: null } : {};
  const [moved] = await tx
    .update(facetofaceOrder)
    .set({ ...details, ...ends, status: to, updatedAt: ctx.now() })
    .where(and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, id), inArray(facetofaceOrder.status, [...from])))
    .returning();
  if (!moved) return null;
  await emit(tx, ctx, { type: `facetoface.${event}`, subject: id, details: why });
  return moved;
}
