import type { Account } from "~/domain/payment";
import { type Fen, fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { entry } from "~/server/db/schema";
import type { Transaction } from "./move";

/** The name of the booking that an attempt can have; its entries are found by it. */
export const receiptOf = (attemptId: Transaction["id"]): string => `${attemptId}:receipt`;

/** Books money that came in for an attempt: what the provider holds for us, against where it belongs. Twice is refused by the key. */
export async function bookReceipt(
  tx: Tx,
  ctx: Ctx,
  attempt: Transaction,
  received: Fen,
  where: Exclude<Account, "clearing">,
): Promise<void> {
  const common = {
    tenantId: ctx.tenantId,
    bookingId: receiptOf(attempt.id),
    paymentId: attempt.paymentId,
    transactionId: attempt.id,
    bookedAt: ctx.now(),
  };
  await tx.insert(entry).values([
    { ...common, account: "clearing" as const, amountFen: received },
    { ...common, account: where, amountFen: fen(-received) },
  ]);
}
