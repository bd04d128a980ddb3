import { type Movement, transactionMovement } from "~/domain/payment";
import type { RouterOutputs } from "~/trpc/client";

export type PaymentDetail = RouterOutputs["payment"]["get"];
export type Attempt = PaymentDetail["attempts"][number];
export type HistoryEvent = PaymentDetail["history"][number];

/** What the chip and the 资金标 of a payment need. */
export function standingOf({ payment, attempts, cases }: Pick<PaymentDetail, "payment" | "attempts" | "cases">) {
  return {
    status: payment.status,
    openCases: cases.filter(({ status }) => status === "open").map(({ kind }) => kind),
    inDoubt: attempts.some(({ status }) => status === "unknown"),
  };
}

/** The attempt that paid, else the latest. */
export const mainAttempt = ({ payment, attempts }: Pick<PaymentDetail, "payment" | "attempts">): Attempt | null =>
  attempts.find(({ id }) => id === payment.paidTransactionId) ?? attempts.at(-1) ?? null;

/** Money that came in for an attempt but did not pay the payment has no place yet while a case about it is open. */
export function attemptMovement(attempt: Attempt, { payment, cases }: Pick<PaymentDetail, "payment" | "cases">): Movement {
  const astray =
    attempt.status === "succeeded" && attempt.id !== payment.paidTransactionId && cases.some(({ status }) => status === "open");
  return astray ? "unknown" : transactionMovement(attempt.status);
}
