import { eq } from "drizzle-orm";
import { expect } from "vitest";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { entry, exceptionCase, notification, payment, paymentTransaction } from "~/server/db/schema";
import { checkTenant } from "~/server/services/invariant";

/** What stands in the books of a tenant about one payment. */
export async function booksOf(ctx: Ctx, paymentId: Id<"payment">) {
  return ctx.read(async (tx) => {
    const [owed] = await tx.select().from(payment).where(eq(payment.id, paymentId));
    const attempts = await tx
      .select()
      .from(paymentTransaction)
      .where(eq(paymentTransaction.paymentId, paymentId))
      .orderBy(paymentTransaction.createdAt);
    const entries = await tx.select().from(entry).where(eq(entry.paymentId, paymentId));
    const cases = await tx.select().from(exceptionCase).where(eq(exceptionCase.paymentId, paymentId)).orderBy(exceptionCase.kind);
    const sum = (account: string) => entries.filter((one) => one.account === account).reduce((total, one) => total + one.amountFen, 0n);
    return {
      status: owed?.status,
      attempts: attempts.map(({ method, status, receivedFen }) => ({ method, status, receivedFen })),
      clearing: sum("clearing"),
      orders: sum("orders"),
      atRisk: sum("at_risk"),
      cases: cases.map(({ kind, status, amountFen }) => ({ kind, status, amountFen })),
    };
  });
}

export async function messagesOf(ctx: Ctx) {
  return ctx.read((tx) => tx.select().from(notification).orderBy(notification.receivedAt));
}

/** Every invariant of the tenant holds. */
export async function expectSound(ctx: Ctx): Promise<void> {
  const broken = (await checkTenant(ctx)).filter((one) => one.broken > 0);
  expect(broken).toEqual([]);
}
