import { and, eq, inArray } from "drizzle-orm";
import { type PaymentEvent, paymentMachine, type TransactionEvent, transactionMachine } from "~/domain/payment";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { payment, paymentTransaction } from "~/server/db/schema";
import { emit } from "~/server/services/event";

export type Payment = typeof payment.$inferSelect;
export type Transaction = typeof paymentTransaction.$inferSelect;

type PaymentDetails = Partial<Pick<Payment, "closeReason" | "paidTransactionId" | "paidAt" | "closedAt">>;
type TransactionDetails = Partial<
  Pick<
    Transaction,
    | "launch"
    | "failureCode"
    | "providerState"
    | "providerTradeNo"
    | "receivedFen"
    | "receiptFen"
    | "buyerIdSealed"
    | "buyerAccount"
    | "paidAt"
    | "notifiedAt"
    | "notificationId"
    | "nextQueryAt"
  >
>;

/** The only writer of a payment's status, beside `app.receive_paid`, its one-call twin. Of two racing callers one gets the row, the other null. */
export async function movePayment(
  tx: Tx,
  ctx: Ctx,
  id: Payment["id"],
  event: PaymentEvent,
  details: PaymentDetails = {},
  why: Record<string, unknown> = {},
): Promise<Payment | null> {
  const { from, to } = paymentMachine.transitions[event];
  const [moved] = await tx
    .update(payment)
    .set({ ...details, status: to, updatedAt: ctx.now() })
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, id), inArray(payment.status, [...from])))
    .returning();
  if (!moved) return null;
  await emit(tx, ctx, { type: `payment.${event}`, subject: id, details: { ...why, amountFen: moved.amountFen.toString() } });
  return moved;
}

/** The only writer of an attempt's status, beside `app.receive_paid`. */
export async function moveTransaction(
  tx: Tx,
  ctx: Ctx,
  id: Transaction["id"],
  event: TransactionEvent,
  details: TransactionDetails = {},
  why: Record<string, unknown> = {},
): Promise<Transaction | null> {
  const { from, to } = transactionMachine.transitions[event];
  const [moved] = await tx
    .update(paymentTransaction)
    .set({ ...details, status: to, updatedAt: ctx.now() })
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, id), inArray(paymentTransaction.status, [...from])))
    .returning();
  if (!moved) return null;
  await emit(tx, ctx, { type: `transaction.${event}`, subject: id, details: { ...why, paymentId: moved.paymentId } });
  return moved;
}
