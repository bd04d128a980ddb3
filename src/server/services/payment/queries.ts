import { and, asc, desc, eq, gt, inArray } from "drizzle-orm";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, entry, exceptionCase, notification, paymentTransaction } from "~/server/db/schema";
import { historyOf } from "~/server/services/event";
import { receiptOf } from "./books";
import { checkoutUrl } from "./checkout-link";
import { getPayment } from "./close";

/** A payment with its attempts, callbacks, books, cases and history: everything the detail shows. No personal data in clear. */
export async function getPaymentDetail(ctx: Ctx, id: Id<"payment">) {
  const vault = await ctx.vault();
  return ctx.read(async (tx) => {
    const owed = await getPayment(tx, ctx, id);
    const attempts = await tx
      .select({
        id: paymentTransaction.id,
        channelId: paymentTransaction.channelId,
        channelName: channel.name,
        environment: channel.environment,
        provider: paymentTransaction.provider,
        method: paymentTransaction.method,
        outTradeNo: paymentTransaction.outTradeNo,
        providerTradeNo: paymentTransaction.providerTradeNo,
        providerState: paymentTransaction.providerState,
        amountFen: paymentTransaction.amountFen,
        receivedFen: paymentTransaction.receivedFen,
        receiptFen: paymentTransaction.receiptFen,
        buyerAccount: paymentTransaction.buyerAccount,
        status: paymentTransaction.status,
        failureCode: paymentTransaction.failureCode,
        queryCount: paymentTransaction.queryCount,
        lastQueryAt: paymentTransaction.lastQueryAt,
        nextQueryAt: paymentTransaction.nextQueryAt,
        paidAt: paymentTransaction.paidAt,
        notifiedAt: paymentTransaction.notifiedAt,
        notificationId: paymentTransaction.notificationId,
        createdAt: paymentTransaction.createdAt,
      })
      .from(paymentTransaction)
      .innerJoin(channel, and(eq(channel.tenantId, paymentTransaction.tenantId), eq(channel.id, paymentTransaction.channelId)))
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.paymentId, id)))
      .orderBy(asc(paymentTransaction.createdAt), asc(paymentTransaction.id));
    const subjects = [id, ...attempts.map((attempt) => attempt.id)];
    const callbacks =
      attempts.length === 0
        ? []
        : await callbacksOf(
            tx,
            ctx,
            attempts.map((attempt) => attempt.outTradeNo),
          );
    const entries = await tx
      .select({
        bookingId: entry.bookingId,
        account: entry.account,
        amountFen: entry.amountFen,
        transactionId: entry.transactionId,
        bookedAt: entry.bookedAt,
      })
      .from(entry)
      .where(
        and(
          eq(entry.tenantId, ctx.tenantId),
          inArray(
            entry.bookingId,
            attempts.map((attempt) => receiptOf(attempt.id)),
          ),
        ),
      )
      .orderBy(asc(entry.bookedAt), asc(entry.account));
    const cases = await tx
      .select({
        id: exceptionCase.id,
        kind: exceptionCase.kind,
        status: exceptionCase.status,
        amountFen: exceptionCase.amountFen,
        expectedFen: exceptionCase.expectedFen,
        openedAt: exceptionCase.openedAt,
      })
      .from(exceptionCase)
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.paymentId, id)))
      .orderBy(desc(exceptionCase.openedAt));
    const history = await historyOf(tx, ctx, subjects, 200);
    return {
      payment: { ...pick(owed), checkoutUrl: checkoutUrl(ctx, vault, owed.id) },
      attempts,
      callbacks,
      entries,
      cases,
      history,
    };
  });
}

function pick(owed: Awaited<ReturnType<typeof getPayment>>) {
  const {
    id,
    orderNo,
    subject,
    body,
    amountFen,
    refundedFen,
    status,
    closeReason,
    expiresAt,
    paidAt,
    closedAt,
    cancelRequestedAt,
    createdAt,
    createdBy,
    paidTransactionId,
  } = owed;
  return {
    id,
    orderNo,
    subject,
    body,
    amountFen,
    refundedFen,
    status,
    closeReason,
    expiresAt,
    paidAt,
    closedAt,
    cancelRequestedAt,
    createdAt,
    createdBy,
    paidTransactionId,
  };
}

async function callbacksOf(tx: Tx, ctx: Ctx, numbers: string[]) {
  return tx
    .select({
      id: notification.id,
      provider: notification.provider,
      state: notification.state,
      providerState: notification.providerState,
      amountFen: notification.amountFen,
      outTradeNo: notification.outTradeNo,
      copies: notification.copies,
      receivedAt: notification.receivedAt,
      cause: notification.cause,
    })
    .from(notification)
    .where(and(eq(notification.tenantId, ctx.tenantId), inArray(notification.outTradeNo, numbers), gt(notification.copies, 0)))
    .orderBy(desc(notification.receivedAt))
    .limit(100);
}
