"use client";

import { useState } from "react";
import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import type { Method } from "~/domain/provider";
import { api, type RouterOutputs } from "~/trpc/client";
import type { PaymentDetail } from "./detail";

export type Answer = { attemptId: string; method: Method; result: RouterOutputs["payment"]["query"] };

/** Asks the provider about each attempt that is still open, one after the other; the first that cannot be asked ends it with its error. */
export function useQueryAttempts({ attempts }: Pick<PaymentDetail, "attempts">) {
  const query = api.payment.query.useMutation();
  const utils = api.useUtils();
  const [busy, setBusy] = useState(false);
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [error, setError] = useState<unknown>(null);
  const ask = async () => {
    setBusy(true);
    setError(null);
    setAnswers([]);
    try {
      for (const { id, method, status } of attempts) {
        if (!OPEN_TRANSACTION_STATUSES.includes(status)) continue;
        const result = await query.mutateAsync({ transactionId: id });
        setAnswers((before) => [...before, { attemptId: id, method, result }]);
      }
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
      void utils.payment.invalidate();
    }
  };
  return { busy, answers, error, ask };
}
