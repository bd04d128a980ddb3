import { and, eq, sql } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { facetofaceOrder } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { getLockedOrder } from "./find";

export type Reminded = { confirmUrl: string; confirmExpiresAt: Date | null; remindCount: number };

/** Notes that the merchant is sent the link again, and hands it out. Throws `not_found`, `not_allowed_now`, `expired`. */
export async function remindMerchant(ctx: Ctx, orderId: Id<"facetoface">): Promise<Reminded> {
  return ctx.transaction(async (tx) => {
    const order = await getLockedOrder(tx, ctx, orderId);
    const { status, confirmUrl, confirmExpiresAt } = order;
    if (status !== "merchant_confirm" || confirmUrl === null) throw new AppError("not_allowed_now", "no link to send", { status });
    if (confirmExpiresAt && confirmExpiresAt <= ctx.now()) throw new AppError("expired", "the merchant's time is over", { status });
    const [noted] = await tx
      .update(facetofaceOrder)
      .set({ remindCount: sql`${facetofaceOrder.remindCount} + 1`, lastRemindAt: ctx.now(), updatedAt: ctx.now() })
      .where(and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, orderId)))
      .returning({ remindCount: facetofaceOrder.remindCount });
    if (!noted) throw new Error("a locked application is there");
    await emit(tx, ctx, { type: "facetoface.remind", subject: orderId, details: { remindCount: noted.remindCount } });
    return { confirmUrl, confirmExpiresAt, remindCount: noted.remindCount };
  });
}
