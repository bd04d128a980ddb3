import { OPEN_TRANSACTION_STATUSES, type PaymentStatus, paymentMachine, type TransactionStatus } from "~/domain/payment";
import type { Rights } from "../../_components/rights";

/** Why something may not be done now; null when it may. */
export type Reason = "role" | "noOpenAttempt" | "ended" | "expired" | "cancelling" | null;

type Standing = {
  payment: { status: PaymentStatus; cancelRequestedAt: Date | null; expiresAt: Date };
  attempts: readonly { status: TransactionStatus }[];
};

/** What may be done with a payment, from its machine and the person's role: the same rules that the services enforce. */
export function reasonsOf({ payment, attempts }: Standing, rights: Pick<Rights, "write">, now: Date) {
  const ended: Reason = paymentMachine.can(payment.status, "close") ? null : "ended";
  const cancelling: Reason = payment.cancelRequestedAt ? "cancelling" : null;
  const role: Reason = rights.write ? null : "role";
  const open = attempts.some(({ status }) => OPEN_TRANSACTION_STATUSES.includes(status));
  return {
    query: role ?? (open ? null : "noOpenAttempt"),
    cancel: role ?? ended ?? cancelling,
    link: ended ?? cancelling ?? (payment.expiresAt <= now ? "expired" : null),
  } satisfies Record<string, Reason>;
}
