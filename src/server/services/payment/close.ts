import { and, asc, eq, inArray } from "drizzle-orm";
import { type CloseReason, OPEN_TRANSACTION_STATUSES, paymentMachine } from "~/domain/payment";
import { AppError, ProviderError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { after, minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { payment, paymentTransaction } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { tradeProvider } from "~/server/providers/registry";
import { loadProviderChannel, noteSuccess } from "~/server/services/channel";
import { emit, SEAL_AFTER_MS } from "~/server/services/event";
import { lockAttempt } from "./apply-trade";
import { leaveLists, movePayment, moveTransaction, type Payment, type Transaction } from "./move";
import { findTransaction, queryAttempt } from "./query";

const CLOSE_DEADLINE_MS = 6_000;
/** The rollup may lag this far behind money. */
const ROLL_UP_AFTER_MS = seconds(1);
/** When the job looks after a cancellation whose own process died on the way. */
const CANCEL_AGAIN_MS = minutes(1);

/** Job: closes an attempt at its provider and only then here. A late success found on the way is applied instead. */
export async function closeTransaction(ctx: Ctx, subject: string): Promise<Date | null> {
  const attempt = await ctx.read((tx) => findTransaction(tx, ctx, subject as Id<"transaction">));
  if (!attempt || !OPEN_TRANSACTION_STATUSES.includes(attempt.status)) return null;
  await closeAttempt(ctx, attempt);
  return null;
}

/** Throws ProviderError while it cannot be known whether the attempt is closed. */
async function closeAttempt(ctx: Ctx, attempt: Transaction): Promise<void> {
  const via = await loadProviderChannel(ctx, attempt.channelId);
  const outcome = await tradeProvider(via).close(via, attempt.outTradeNo, { now: ctx.sys.now, deadlineMs: CLOSE_DEADLINE_MS });
  if (outcome === "paid") {
    await queryAttempt(ctx, attempt.id);
    return;
  }
  await ctx.transaction(async (tx) => {
    const locked = await lockAttempt(tx, ctx, { id: attempt.id });
    if (!locked || !OPEN_TRANSACTION_STATUSES.includes(locked.transaction.status)) return;
    await moveTransaction(tx, ctx, attempt.id, "close", { nextQueryAt: null }, { atProvider: outcome });
  });
}

/** Job: what follows a success. The other open attempts are closed; the lists of what is open, the workbench's hours and the hash chain catch up. */
export async function finishPayment(ctx: Ctx, subject: string): Promise<Date | null> {
  const id = subject as Id<"payment">;
  await ctx.transaction(async (tx) => {
    const owed = await findPayment(tx, ctx, id);
    if (!owed) return;
    await leaveLists(tx, ctx, id);
    if (owed.status !== "pending") {
      for (const attempt of await openAttempts(tx, ctx, id)) await enqueue(tx, ctx, "close-transaction", attempt.id);
    }
    await enqueue(tx, ctx, "roll-up", ctx.tenantId, after(ctx.now(), ROLL_UP_AFTER_MS));
    await enqueue(tx, ctx, "seal-events", ctx.tenantId, after(ctx.now(), SEAL_AFTER_MS));
    if (owed.paidTransactionId) await noteSuccess(tx, ctx, owed.paidTransactionId);
  });
  return null;
}

/**
 * Job: at `expiresAt` asks each provider, closes there, and only then closes here. Throws ProviderError while a provider cannot be
 * asked: the payment stays open here, and the job is tried again soon, then less and less often.
 */
export async function expirePayment(ctx: Ctx, subject: string): Promise<Date | null> {
  const owed = await ctx.read((tx) => findPayment(tx, ctx, subject as Id<"payment">));
  if (owed?.status !== "pending") return null;
  if (owed.expiresAt > ctx.now()) return owed.expiresAt;
  return closeEverywhere(ctx, owed, "expired");
}

/** Job: the same for a payment that somebody cancelled. */
export async function cancelPaymentAtProviders(ctx: Ctx, subject: string): Promise<Date | null> {
  const owed = await ctx.read((tx) => findPayment(tx, ctx, subject as Id<"payment">));
  if (owed?.status !== "pending") return null;
  return closeEverywhere(ctx, owed, "cancelled");
}

/**
 * Cancels a payment. Answers the payment as it stands afterwards: closed, or still pending while a provider has not said that its
 * part is closed (a job goes on), or paid when the buyer was faster. Throws `not_found`, `not_allowed_now`.
 */
export async function cancelPayment(ctx: Ctx, id: Id<"payment">, reason: string): Promise<Payment> {
  const owed = await ctx.transaction(async (tx) => {
    const [asked] = await tx
      .update(payment)
      .set({ cancelRequestedAt: ctx.now(), updatedAt: ctx.now() })
      .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, id), eq(payment.status, "pending")))
      .returning();
    if (!asked) {
      const stands = await findPayment(tx, ctx, id);
      if (!stands) throw new AppError("not_found", "payment", { what: "payment" });
      throw new AppError("not_allowed_now", "only a pending payment can be cancelled", { status: stands.status });
    }
    await emit(tx, ctx, { type: "payment.cancel_request", subject: id, details: { reason } });
    await enqueue(tx, ctx, "cancel-payment", id, after(ctx.now(), CANCEL_AGAIN_MS));
    return asked;
  });
  try {
    await closeEverywhere(ctx, owed, "cancelled");
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    ctx.log.info({ paymentId: id, code: error.code, kind: error.kind }, "not closed at its provider yet; the job goes on");
    await ctx.transaction((tx) => enqueue(tx, ctx, "cancel-payment", id));
  }
  return ctx.read((tx) => getPayment(tx, ctx, id));
}

/**
 * Answers null when the payment is closed here or was paid after all, or when to look again. Throws ProviderError while it cannot
 * be known whether an attempt is closed.
 */
async function closeEverywhere(ctx: Ctx, owed: Payment, reason: CloseReason): Promise<Date | null> {
  const attempts = await ctx.read((tx) => openAttempts(tx, ctx, owed.id));
  for (const attempt of attempts) await closeAttempt(ctx, attempt);
  return ctx.transaction(async (tx) => {
    const [locked] = await tx
      .select()
      .from(payment)
      .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, owed.id)))
      .for("update");
    if (!locked || !paymentMachine.can(locked.status, "close")) return null;
    if ((await openAttempts(tx, ctx, owed.id)).length > 0) return ctx.now();
    await movePayment(tx, ctx, owed.id, "close", { closeReason: reason, closedAt: ctx.now() }, { reason });
    await enqueue(tx, ctx, "roll-up", ctx.tenantId, after(ctx.now(), ROLL_UP_AFTER_MS));
    return null;
  });
}

async function openAttempts(tx: Tx, ctx: Ctx, paymentId: Id<"payment">): Promise<Transaction[]> {
  return tx
    .select()
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.paymentId, paymentId),
        inArray(paymentTransaction.status, [...OPEN_TRANSACTION_STATUSES]),
      ),
    )
    .orderBy(asc(paymentTransaction.createdAt), asc(paymentTransaction.id));
}

export async function findPayment(tx: Tx, ctx: Ctx, id: Id<"payment">): Promise<Payment | null> {
  const [found] = await tx
    .select()
    .from(payment)
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, id)));
  return found ?? null;
}

export async function getPayment(tx: Tx, ctx: Ctx, id: Id<"payment">): Promise<Payment> {
  const found = await findPayment(tx, ctx, id);
  if (!found) throw new AppError("not_found", "payment", { what: "payment" });
  return found;
}
