import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { abandonBatch } from "./batch";
import { getLockedOrder } from "./find";
import { type FacetofaceOrder, moveOrder } from "./move";

/**
 * Takes an application back before Alipay reviews it: before it was submitted, or while it is held. An open batch is cancelled by a job.
 * What was held stays at Alipay, which offers no way to cancel it; nobody will ask about it any more. Throws `not_found`,
 * `not_allowed_now` with `reason` "in_review", "submitting" or "ended".
 */
export async function withdrawOrder(
  ctx: Ctx,
  { orderId, reason }: { orderId: Id<"facetoface">; reason: string },
): Promise<FacetofaceOrder> {
  return ctx.transaction(async (tx) => {
    const order = await getLockedOrder(tx, ctx, orderId);
    const refusal = refusalOf(order);
    if (refusal) throw new AppError("not_allowed_now", "cannot be withdrawn", { status: order.status, reason: refusal });
    if (order.batchNo !== null) await abandonBatch(tx, ctx, order.batchNo);
    // It was submitted once, and Alipay keeps what it holds.
    const staysHeldAtAlipay = order.submittedAt !== null;
    const moved = await moveOrder(
      tx,
      ctx,
      orderId,
      "close",
      { closeReason: "withdrawn" },
      { closeReason: "withdrawn", reason, staysHeldAtAlipay },
    );
    if (!moved) throw new Error("a locked application that may be withdrawn closes");
    return moved;
  });
}

function refusalOf({ status, heldAt, step }: FacetofaceOrder): "in_review" | "submitting" | "ended" | null {
  if (status === "success" || status === "closed") return "ended";
  if (status !== "init") return status === "submitted" && heldAt ? null : "in_review";
  // Perhaps submitted by now: Alipay's answer decides, not ours.
  return step === "confirming" ? "submitting" : null;
}
