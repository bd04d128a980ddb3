"use client";

import { StatusChip } from "~/components/status-chip";
import type { CaseKind } from "~/domain/exception";
import type { PaymentStatus } from "~/domain/payment";

type PaymentChipProps = { status: PaymentStatus; openCases: readonly CaseKind[]; inDoubt: boolean };

/** What a person has to know first: that something does not fit, that an answer is missing, else where the payment stands. */
export function PaymentChip({ status, openCases, inDoubt }: PaymentChipProps) {
  const [worst] = openCases;
  if (worst) return <StatusChip of="caseKind" status={worst} />;
  if (inDoubt && status === "pending") return <StatusChip of="transaction" status="unknown" />;
  return <StatusChip of="payment" status={status} />;
}
