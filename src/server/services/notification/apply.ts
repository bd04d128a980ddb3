import { and, eq, inArray, sql } from "drizzle-orm";
import { type MisfitCause, type NotificationState, notificationMachine } from "~/domain/notification";
import type { Verdict } from "~/domain/settlement";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { fen, yuanText } from "~/lib/money";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { notification, paymentTransaction } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { TradeView, VerifiedNotification } from "~/server/providers/port";
import { emit } from "~/server/services/event";
import { openCase } from "~/server/services/exception";
import { applyTrade, lockAttempt } from "~/server/services/payment";
import { verifyStored } from "./stored";

export type Notification = typeof notification.$inferSelect;
export type Verified = Extract<VerifiedNotification, { ok: true }>;

/** A large amount waits for the provider's own answer; look again after the query had its chance. */
const CONFIRM_LOOK_AFTER_MS = seconds(20);

/** Applies verified news to our books and writes what came of it. Runs inside the caller's transaction or savepoint. */
export async function applyNotification(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<NotificationState> {
  if (verified.kind === "refund") return applyRefund(tx, ctx, stored, verified);
  if (verified.kind === "other" || !verified.trade) return conclude(tx, ctx, stored, "ignored", null);

  const attempt = await findAttempt(tx, ctx, stored.channelId, verified.trade.outTradeNo);
  if (!attempt) return unknownOrder(tx, ctx, stored, verified);
  const locked = await lockAttempt(tx, ctx, { id: attempt });
  if (!locked) throw new AppError("state_changed", "attempt vanished");
  const { verdict } = await applyTrade(tx, ctx, locked, verified.trade, { source: "notification", notificationId: stored.id });
  if (verdict.kind === "confirm_first") await enqueue(tx, ctx, "apply-notification", stored.id, after(ctx.now(), CONFIRM_LOOK_AFTER_MS));
  return conclude(tx, ctx, stored, stateAfter(verdict), attempt, verdict.kind === "misfit" ? verdict.cause : null);
}

/** What a verdict makes of the message that brought the news. */
export function stateAfter(verdict: Verdict): NotificationState {
  switch (verdict.kind) {
    case "settle":
    case "at_risk":
    case "close":
    case "fail":
      return "applied";
    case "misfit":
      return "misfit";
    case "confirm_first":
      return "waiting";
    case "nothing":
      return "ignored";
  }
}

export async function findAttempt(tx: Tx, ctx: Ctx, channelId: Id<"channel">, outTradeNo: string): Promise<Id<"transaction"> | null> {
  const [found] = await tx
    .select({ id: paymentTransaction.id })
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.outTradeNo, outTradeNo),
        eq(paymentTransaction.channelId, channelId),
      ),
    );
  return found?.id ?? null;
}

async function unknownOrder(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<NotificationState> {
  const { trade } = verified;
  if (!trade || !movedMoney(trade)) return conclude(tx, ctx, stored, "ignored", null);
  await openCase(tx, ctx, {
    kind: "unknown_order",
    dedupeKey: unknownOrderKey(stored, trade),
    amountFen: trade.amount ?? fen(0n),
    channelId: stored.channelId,
    notificationId: stored.id,
    outTradeNo: trade.outTradeNo,
    providerTradeNo: trade.providerTradeNo,
    facts: {
      cause: "unknown_order",
      source: "notification",
      theirState: trade.providerState,
      theirAmount: trade.amount === null ? null : yuanText(trade.amount),
      theirAppId: trade.appId,
      theirSellerId: trade.sellerId,
      theirTradeNo: trade.providerTradeNo,
      theirPaidAt: trade.paidAt?.toISOString() ?? null,
      ourState: null,
      ourAmount: null,
    },
  });
  return conclude(tx, ctx, stored, "misfit", null, "unknown_order");
}

/** News that no money moved, about an order that is not ours, asks for nobody. */
export const movedMoney = (trade: TradeView): boolean => trade.state === "paid" || trade.state === "refunded";

/** What makes two reports of an order that is not ours the same case. */
export const unknownOrderKey = (stored: Notification, trade: TradeView): string =>
  `${stored.channelId}:${trade.outTradeNo}:${trade.providerTradeNo ?? ""}`;

export const refundKey = (stored: Notification, { refund, messageId }: Verified): string =>
  `${stored.channelId}:${refund?.outRefundNo || refund?.providerRefundNo || messageId}`;

/** The order that the news is about, in either kind of notice. */
export const outTradeNoOf = (verified: Verified): string | null => verified.trade?.outTradeNo ?? verified.refund?.outTradeNo ?? null;

/** A refund that we did not ask for is money leaving: never a payment, never peace. */
async function applyRefund(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<NotificationState> {
  const outTradeNo = outTradeNoOf(verified);
  const attemptId = outTradeNo ? await findAttempt(tx, ctx, stored.channelId, outTradeNo) : null;
  const locked = attemptId ? await lockAttempt(tx, ctx, { id: attemptId }) : null;
  // WeChat Pay says this refund's amount, Alipay the sum of all refunds so far.
  const backFen = verified.refund?.amount ?? verified.trade?.refunded ?? fen(0n);
  await openCase(tx, ctx, {
    kind: "refund_unknown",
    dedupeKey: refundKey(stored, verified),
    amountFen: backFen,
    channelId: stored.channelId,
    paymentId: locked?.payment.id ?? null,
    transactionId: locked?.transaction.id ?? null,
    notificationId: stored.id,
    outTradeNo,
    providerTradeNo: verified.trade?.providerTradeNo ?? null,
    facts: {
      cause: "refund_not_ours",
      source: "notification",
      theirState: verified.refund?.state ?? null,
      theirAmount: yuanText(backFen),
      theirTradeNo: verified.refund?.providerRefundNo ?? verified.trade?.providerTradeNo ?? null,
      theirRefundNo: verified.refund?.outRefundNo ?? null,
      ourState: locked?.transaction.status ?? null,
      ourPaymentState: locked?.payment.status ?? null,
      ourAmount: locked ? yuanText(locked.transaction.amountFen) : null,
      ourTradeNo: locked?.transaction.providerTradeNo ?? null,
    },
  });
  return conclude(tx, ctx, stored, "misfit", attemptId, "refund_not_ours");
}

const EVENT_OF = { applied: "apply", ignored: "ignore", misfit: "misfit" } as const;

/** The only writer of a message's state, beside `app.receive_paid`. */
async function conclude(
  tx: Tx,
  ctx: Ctx,
  stored: Notification,
  state: NotificationState,
  transactionId: Id<"transaction"> | null,
  cause: MisfitCause | null = null,
): Promise<NotificationState> {
  const common = { transactionId, cause, applyAttempts: sql`${notification.applyAttempts} + 1` };
  const here = and(eq(notification.tenantId, ctx.tenantId), eq(notification.id, stored.id));
  if (state === "waiting" || state === "refused") {
    await tx.update(notification).set(common).where(here);
    return state;
  }
  const event = EVENT_OF[state];
  const { from } = notificationMachine.transitions[event];
  const moved = await tx
    .update(notification)
    .set({ ...common, state, appliedAt: ctx.now() })
    .where(and(here, inArray(notification.state, [...from])))
    .returning({ id: notification.id });
  if (moved.length > 0) await emit(tx, ctx, { type: `notification.${event}`, subject: stored.id, details: { transactionId, cause } });
  return state;
}

/** Job: applies a stored message again. Throws while it cannot; the outbox tries on. */
export async function applyStored(ctx: Ctx, subject: string): Promise<Date | null> {
  const stored = await ctx.read((tx) => findNotification(tx, ctx, subject as Id<"notification">));
  if (stored?.state !== "waiting") return null;
  const verified = await verifyStored(ctx, stored, stored.receivedAt);
  if (!verified.ok) throw new AppError("unavailable", `stored message no longer verifies: ${verified.cause}`);
  const state = await ctx.transaction(async (tx) => {
    const locked = await lockNotification(tx, ctx, stored.id);
    if (locked?.state !== "waiting") return "applied" as const;
    return applyNotification(tx, ctx, locked, verified);
  });
  return state === "waiting" ? after(ctx.now(), CONFIRM_LOOK_AFTER_MS) : null;
}

export async function findNotification(tx: Tx, ctx: Ctx, id: Id<"notification">): Promise<Notification | null> {
  const [found] = await tx
    .select()
    .from(notification)
    .where(and(eq(notification.tenantId, ctx.tenantId), eq(notification.id, id)));
  return found ?? null;
}

export async function lockNotification(tx: Tx, ctx: Ctx, id: Id<"notification">): Promise<Notification | null> {
  const [found] = await tx
    .select()
    .from(notification)
    .where(and(eq(notification.tenantId, ctx.tenantId), eq(notification.id, id)))
    .for("update");
  return found ?? null;
}
