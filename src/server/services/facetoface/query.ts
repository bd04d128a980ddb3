import { and, eq, inArray, isNull, lte, or } from "drizzle-orm";
import { ASK_BY_HAND_GAP_MS, type FacetofaceStatus } from "~/domain/facetoface";
import { ASKED_STATUSES, isAsked } from "~/domain/facetoface-news";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { facetofaceOrder } from "~/server/db/schema";
import { type AskedOrder, askAlipay, settleAnswer } from "./ask";

export type QueriedOrder = { id: Id<"facetoface">; status: FacetofaceStatus; providerState: string | null; changed: boolean };

/**
 * Somebody asks Alipay now. Throws `not_found`, `not_allowed_now`, `too_many_requests` with `retryAt`, and what Alipay's answer
 * comes to when it cannot be believed or is a refusal.
 */
export async function queryOrder(ctx: Ctx, orderId: Id<"facetoface">): Promise<QueriedOrder> {
  const asked = await takeTurn(ctx, orderId);
  const answer = await askAlipay(ctx, asked);
  const settled = await settleAnswer(ctx, asked, answer, { source: "hand" });
  if (!settled) throw new AppError("not_found", "application", { what: "facetoface" });
  if (answer.kind !== "view") throw answer.error;
  const { order, news } = settled;
  return { id: order.id, status: order.status, providerState: order.providerState, changed: news === "event" || news === "details" };
}

/** Of many who press at once, one asks: whoever moves the time of the last question. */
async function takeTurn(ctx: Ctx, orderId: Id<"facetoface">): Promise<AskedOrder> {
  const now = ctx.now();
  const own = and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, orderId));
  const last = facetofaceOrder.lastQueryAt;
  const { mine, found } = await ctx.transaction(async (tx) => {
    const [mine] = await tx
      .update(facetofaceOrder)
      .set({ lastQueryAt: now })
      .where(and(own, inArray(facetofaceOrder.status, [...ASKED_STATUSES]), or(isNull(last), lte(last, after(now, -ASK_BY_HAND_GAP_MS)))))
      .returning();
    if (mine) return { mine, found: mine };
    const [found] = await tx.select().from(facetofaceOrder).where(own);
    return { mine, found };
  });
  if (!found) throw new AppError("not_found", "application", { what: "facetoface" });
  const { batchNo, status, lastQueryAt } = found;
  if (!isAsked(status) || batchNo === null) throw new AppError("not_allowed_now", "nothing to ask", { status });
  if (mine) return { ...mine, batchNo };
  const retryAt = after(lastQueryAt ?? now, ASK_BY_HAND_GAP_MS);
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / 1_000));
  throw new AppError("too_many_requests", "asked a moment ago", { retryAt: retryAt.toISOString(), retryAfterSeconds });
}
