import type { FacetofaceStatus } from "~/domain/facetoface";
import type { ReviseFacetofaceInput } from "~/domain/facetoface-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { contentOf, linkPictures } from "./content";
import { getLockedOrder } from "./find";
import { type FacetofaceOrder, moveOrder, type OrderDetails } from "./move";
import { openPerson } from "./person";
import { setStep } from "./take-step";

const CLEARED = { failureCode: null, failureReason: null, stepLeaseUntil: null } satisfies OrderDetails;

/**
 * Puts a corrected application in place of the one that Alipay held, or refused at submission; a job submits it. What was held goes on in
 * its batch. Throws `not_found`, `not_allowed_now`, `invalid_input`.
 */
export async function reviseOrder(ctx: Ctx, { orderId, ...input }: ReviseFacetofaceInput): Promise<FacetofaceOrder> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const order = await getLockedOrder(tx, ctx, orderId);
    const revision = revisionOf(order);
    const content = contentOf(vault, orderId, input, openPerson(vault, orderId, order.personSealed));
    await linkPictures(tx, ctx, orderId, input.pictures);
    await enqueue(tx, ctx, "submit-facetoface", orderId);
    if (revision === "held") {
      const again = { ...content, ...CLEARED, step: "created", heldAt: null, rejectReason: null, nextQueryAt: null } as const;
      const moved = await moveOrder(tx, ctx, orderId, "revise", again, { after: "hold" });
      if (!moved) throw new Error("a locked application that is held may be revised");
      return moved;
    }
    return clear(tx, ctx, order, content, { after: order.failureCode });
  });
}

/** Tries a submission again as it stands. Throws `not_found`, `not_allowed_now`. */
export async function resumeOrder(ctx: Ctx, orderId: Id<"facetoface">): Promise<FacetofaceOrder> {
  return ctx.transaction(async (tx) => {
    const order = await getLockedOrder(tx, ctx, orderId);
    if (order.status !== "init") throw notAllowed(order.status);
    await enqueue(tx, ctx, "submit-facetoface", orderId);
    // A submission that only waits for Alipay to answer comes sooner.
    return order.failureCode === null ? order : clear(tx, ctx, order, {}, { after: order.failureCode, unchanged: true });
  });
}

/** The failure that waited for a person is dealt with. */
async function clear(tx: Tx, ctx: Ctx, { id }: FacetofaceOrder, content: OrderDetails, details: Record<string, unknown>) {
  const stands = await setStep(tx, ctx, id, { ...content, ...CLEARED });
  await emit(tx, ctx, { type: "facetoface.revise", subject: id, details });
  return stands;
}

/** While nobody knows whether the former content was confirmed, no other takes its place. */
function revisionOf({ status, heldAt, failureCode, step }: FacetofaceOrder): "held" | "refused" {
  if (status === "submitted" && heldAt) return "held";
  if (status !== "init" || failureCode === null) throw notAllowed(status);
  if (step === "confirming") throw new AppError("not_allowed_now", "perhaps submitted", { status, reason: "submitting" });
  return "refused";
}

const notAllowed = (status: FacetofaceStatus) => new AppError("not_allowed_now", "not in this state", { status });
