import { newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { sqlState } from "~/server/db/client";
import type { RawNotification, VerifiedNotification } from "~/server/providers/port";
import type { CallbackChannel } from "~/server/services/channel";
import { buyerPlace } from "~/server/services/payment";
import { keptHeaders } from "./headers";
import { type Receipt, receiptOf } from "./receive";

type Outcome = { outcome: string; payment_id: string | null; transaction_id: string | null };

/**
 * The commonest news in one round trip: `app.receive_paid` settles the first success of an open attempt, or answers a repeat as
 * the first was answered. Null: not common, nothing was written, take the general path.
 */
export async function receivePaid(
  ctx: Ctx,
  known: CallbackChannel,
  raw: RawNotification,
  verified: Extract<VerifiedNotification, { ok: true }>,
): Promise<Omit<Receipt, "provider"> | null> {
  const { trade } = verified;
  const common =
    verified.kind === "trade" &&
    trade?.state === "paid" &&
    trade.amount !== null &&
    trade.amount <= known.confirmAboveFen &&
    trade.appId !== null &&
    trade.sellerId !== null &&
    trade.providerTradeNo !== null &&
    trade.paidAt !== null &&
    (trade.currency === null || trade.currency === "CNY");
  if (!common) return null;

  const { channel, vault } = known;
  const id = newId("notification");
  const answer = await settle(ctx, [
    channel.channelId,
    channel.provider,
    id,
    verified.messageId,
    trade.outTradeNo,
    trade.providerTradeNo,
    trade.providerState,
    trade.amount,
    trade.receipt,
    trade.appId,
    trade.sellerId,
    trade.buyerId === null ? null : vault.seal(buyerPlace(trade.outTradeNo), trade.buyerId),
    trade.buyerAccount,
    trade.paidAt,
    vault.seal({ table: "notification", column: "body_sealed", rowId: id }, raw.body),
    raw.body.length,
    keptHeaders(raw),
    verified.steps,
    verified.keyId,
    raw.sourceIp,
    newId("event"),
    newId("event"),
    newId("job"),
    "requestId" in ctx.actor ? ctx.actor.requestId : null,
    ctx.now(),
  ]);
  if (answer === null || answer.outcome === "other") return null;
  if (answer.outcome !== "settled") return { outcome: "duplicate", ok: receiptOf(answer.outcome as never).ok };
  ctx.sys.live.publish([
    { tenantId: ctx.tenantId, type: "payment.settle", subject: answer.payment_id ?? "" },
    { tenantId: ctx.tenantId, type: "outbox.due", subject: "finish-payment" },
  ]);
  return { outcome: "settled", ok: true };
}

/** Two copies in the same moment, or a trade number that stands elsewhere: the general path finds out which. */
async function settle(ctx: Ctx, args: readonly unknown[]): Promise<Outcome | null> {
  try {
    return await ctx.call<Outcome>("receive_paid", args);
  } catch (error) {
    if (["40001", "40P01", "23505", "55P03"].includes(sqlState(error) ?? "")) return null;
    throw error;
  }
}
