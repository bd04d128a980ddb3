import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { OPEN_TRANSACTION_STATUSES, type PaymentEvent, paymentMachine, type TransactionEvent, transactionMachine } from "~/domain/payment";
import type { Environment } from "~/domain/provider";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, openTransaction, payment, paymentTransaction, pendingPayment, providerTrade } from "~/server/db/schema";
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
  const shown = details.paidTransactionId ? await readShown(tx, ctx, details.paidTransactionId) : {};
  const [moved] = await tx
    .update(payment)
    .set({ ...details, ...shown, status: to, updatedAt: ctx.now() })
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, id), inArray(payment.status, [...from])))
    .returning();
  if (!moved) return null;
  if (from.includes("pending")) await notPending(tx, ctx, moved);
  await emit(tx, ctx, { type: `payment.${event}`, subject: id, details: { ...why, amountFen: moved.amountFen.toString() } });
  return moved;
}

/** What the list shows of a payment that this attempt paid. */
async function readShown(tx: Tx, ctx: Ctx, id: Transaction["id"]): Promise<Pick<Payment, "method" | "environment">> {
  const [shown] = await tx
    .select({ method: paymentTransaction.method, environment: channel.environment })
    .from(paymentTransaction)
    .innerJoin(channel, and(eq(channel.tenantId, paymentTransaction.tenantId), eq(channel.id, paymentTransaction.channelId)))
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, id)));
  if (!shown) throw new Error("an attempt has its channel");
  return shown;
}

/** A new attempt is the latest, so the list shows the payment by it. The payment is locked, and as it was read then. */
export async function showAttempt(tx: Tx, ctx: Ctx, owed: Payment, { method }: Transaction, environment: Environment): Promise<void> {
  await tx
    .update(payment)
    .set({ method, environment, attempts: owed.attempts + 1, updatedAt: ctx.now() })
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, owed.id)));
}

/** A new payment is pending, and listed so. */
export async function listPending(tx: Tx, ctx: Ctx, created: Payment): Promise<void> {
  await tx
    .insert(pendingPayment)
    .values({ tenantId: ctx.tenantId, createdAt: created.createdAt, paymentId: created.id, amountFen: created.amountFen });
}

/**
 * Takes a payment and its attempts from the lists of what is pending and open, where their status says so. The common callback leaves
 * that to the job that follows it; whoever reads the lists asks the status as well.
 */
export async function leaveLists(tx: Tx, ctx: Ctx, id: Payment["id"]): Promise<void> {
  const open = sql.join(
    OPEN_TRANSACTION_STATUSES.map((status) => sql`${status}`),
    sql`, `,
  );
  await tx.execute(sql`
    with not_pending as (
      delete from ${pendingPayment} l using ${payment} p
       where p.tenant_id = ${ctx.tenantId} and p.id = ${id} and p.status <> 'pending'
         and l.tenant_id = p.tenant_id and l.created_at = p.created_at and l.payment_id = p.id)
    delete from ${openTransaction} o using ${paymentTransaction} t
     where t.tenant_id = ${ctx.tenantId} and t.payment_id = ${id} and t.status not in (${open})
       and o.tenant_id = t.tenant_id and o.transaction_id = t.id`);
}

async function notPending(tx: Tx, ctx: Ctx, moved: Payment): Promise<void> {
  await tx
    .delete(pendingPayment)
    .where(
      and(eq(pendingPayment.tenantId, ctx.tenantId), eq(pendingPayment.createdAt, moved.createdAt), eq(pendingPayment.paymentId, moved.id)),
    );
}

/** Lists an attempt among the open ones, or takes it from them, as its status says. */
export async function keepOpen(tx: Tx, ctx: Ctx, { id, paymentId, status }: Transaction): Promise<void> {
  if (OPEN_TRANSACTION_STATUSES.includes(status)) {
    const inDoubt = status === "unknown";
    await tx
      .insert(openTransaction)
      .values({ tenantId: ctx.tenantId, transactionId: id, paymentId, inDoubt })
      .onConflictDoUpdate({
        target: [openTransaction.tenantId, openTransaction.transactionId],
        set: { inDoubt },
        setWhere: ne(openTransaction.inDoubt, inDoubt),
      });
  } else {
    await tx.delete(openTransaction).where(and(eq(openTransaction.tenantId, ctx.tenantId), eq(openTransaction.transactionId, id)));
  }
}

/** The provider's number belongs to this attempt from now on; its second owner is refused by the key. */
async function keepTradeNo(tx: Tx, ctx: Ctx, { id, channelId }: Transaction, tradeNo: string): Promise<void> {
  await tx.insert(providerTrade).values({ tenantId: ctx.tenantId, channelId, tradeNo, transactionId: id });
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
  await keepOpen(tx, ctx, moved);
  if (to === "succeeded" && moved.providerTradeNo !== null) await keepTradeNo(tx, ctx, moved, moved.providerTradeNo);
  await emit(tx, ctx, { type: `transaction.${event}`, subject: id, details: { ...why, paymentId: moved.paymentId } });
  return moved;
}
