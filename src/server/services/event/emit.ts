import { newId } from "~/lib/id";
import { after, seconds } from "~/lib/time";
import { type Actor, announce, type Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { event } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";

/** The chain is sealed in batches, seconds later: sealing inside each transaction would hold a busy tenant to one at a time. */
export const SEAL_AFTER_MS = seconds(2);

export type NewEvent = {
  /** `noun.event`, in the machine's own word: `payment.settle`. */
  type: string;
  subject: string;
  /** Before, after, why. Already masked; never a secret. */
  details?: Record<string, unknown>;
};

/** Writes what happened, in the transaction in which it happens, and tells open screens after commit. */
export async function emit(tx: Tx, ctx: Ctx, ...events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const origin = originOf(ctx.actor);
  await tx.insert(event).values(
    events.map(({ type, subject, details = {} }) => ({
      ...origin,
      tenantId: ctx.tenantId,
      id: newId("event"),
      type,
      subject,
      details,
      at: ctx.now(),
    })),
  );
  await enqueue(tx, ctx, "seal-events", ctx.tenantId, after(ctx.now(), SEAL_AFTER_MS));
  for (const { type, subject, details } of events) {
    announce(tx, { tenantId: ctx.tenantId, type, subject });
    // A buyer listens for the payment alone, and what happens to its attempts concerns them too.
    if (typeof details?.paymentId === "string") announce(tx, { tenantId: ctx.tenantId, type, subject: details.paymentId });
  }
}

function originOf(actor: Actor) {
  return {
    actorKind: actor.kind,
    actorId: actor.id,
    ip: "ip" in actor ? actor.ip : null,
    requestId: "requestId" in actor ? actor.requestId : null,
  };
}
