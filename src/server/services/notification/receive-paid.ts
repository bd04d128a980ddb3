import { newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { RawNotification, VerifiedNotification } from "~/server/providers/port";
import type { CallbackChannel } from "~/server/services/channel";
import { buyerPlace } from "~/server/services/payment";
import { keptHeaders } from "./headers";
import { type PaidMessage, receiveTogether } from "./paid-batches";
import { type Receipt, receiptOf } from "./receive";

type Verified = Extract<VerifiedNotification, { ok: true }>;

/**
 * The commonest news in one round trip: `app.receive_paid` settles the first success of an open attempt, or answers a repeat as
 * the first was answered. Null: not common, nothing was written, take the general path.
 */
export async function receivePaid(
  ctx: Ctx,
  known: CallbackChannel,
  raw: RawNotification,
  verified: Verified,
): Promise<Omit<Receipt, "provider"> | null> {
  const message = paidMessage(ctx, known, raw, verified);
  const answer = message && (await receiveTogether(ctx, message));
  if (!answer) return null;
  if (answer.outcome !== "settled") return { outcome: "duplicate", ok: receiptOf(answer.outcome as never).ok };
  ctx.sys.live.publish([
    { tenantId: ctx.tenantId, type: "payment.settle", subject: answer.payment_id ?? "" },
    { tenantId: ctx.tenantId, type: "outbox.due", subject: "finish-payment" },
  ]);
  return { outcome: "settled", ok: true };
}

/** What the function is told, or null when the news is not that an order was paid, whole and below what a query must confirm. */
function paidMessage(ctx: Ctx, known: CallbackChannel, raw: RawNotification, verified: Verified): PaidMessage | null {
  const { trade } = verified;
  if (
    verified.kind !== "trade" ||
    trade?.state !== "paid" ||
    trade.amount === null ||
    trade.amount > known.confirmAboveFen ||
    trade.appId === null ||
    trade.sellerId === null ||
    trade.providerTradeNo === null ||
    trade.paidAt === null ||
    (trade.currency !== null && trade.currency !== "CNY")
  )
    return null;

  const { channel, vault } = known;
  const id = newId("notification");
  return {
    id,
    channel: channel.channelId,
    provider: channel.provider,
    message: verified.messageId,
    out_trade_no: trade.outTradeNo,
    trade_no: trade.providerTradeNo,
    state: trade.providerState,
    fen: trade.amount.toString(),
    receipt: trade.receipt?.toString() ?? null,
    app: trade.appId,
    seller: trade.sellerId,
    buyer: trade.buyerId === null ? null : vault.seal(buyerPlace(trade.outTradeNo), trade.buyerId).toString("base64"),
    buyer_account: trade.buyerAccount,
    paid_at: trade.paidAt,
    body: vault.seal({ table: "notification", column: "body_sealed", rowId: id }, raw.body).toString("base64"),
    body_bytes: raw.body.length,
    headers: keptHeaders(raw),
    steps: verified.steps,
    key_id: verified.keyId,
    source_ip: raw.sourceIp,
    succeed_event: newId("event"),
    settle_event: newId("event"),
    job: newId("job"),
    request: "requestId" in ctx.actor ? ctx.actor.requestId : null,
  };
}
