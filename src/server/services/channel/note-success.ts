import { and, eq, isNull, lt, or } from "drizzle-orm";
import type { Id } from "~/lib/id";
import { after, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, paymentTransaction } from "~/server/db/schema";

/** Written at most this often, so that a busy channel's row is not held by every payment. */
const NOTE_EVERY_MS = minutes(1);

/** Remembers on the channel that money came through it, for the "last success" on its page. */
export async function noteSuccess(tx: Tx, ctx: Ctx, transactionId: Id<"transaction">): Promise<void> {
  const [through] = await tx
    .select({ channelId: paymentTransaction.channelId })
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, transactionId)));
  if (!through) return;
  await tx
    .update(channel)
    .set({ lastSuccessAt: ctx.now() })
    .where(
      and(
        eq(channel.tenantId, ctx.tenantId),
        eq(channel.id, through.channelId),
        or(isNull(channel.lastSuccessAt), lt(channel.lastSuccessAt, after(ctx.now(), -NOTE_EVERY_MS))),
      ),
    );
}
