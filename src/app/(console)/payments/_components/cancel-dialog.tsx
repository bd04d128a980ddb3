"use client";

import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { toast } from "~/components/ui/toast";
import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import { useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { api } from "~/trpc/client";
import type { PaymentDetail } from "./detail";

const REASON_MAX = 200;

type CancelDialogProps = { detail: PaymentDetail; open: boolean; onClose: () => void };

/** Asks once, says what will happen at the providers and here, and tells afterwards what did. */
export function CancelDialog({ detail: { payment, attempts }, open, onClose }: CancelDialogProps) {
  const t = useT("payment");
  const [why, setWhy] = useState("");
  const utils = api.useUtils();
  const cancel = api.payment.cancel.useMutation({
    onSuccess({ status }) {
      close();
      toast(status === "closed" ? t("event.closeCancelled") : status === "pending" ? t("cancel.pendingNote") : t("cancel.paidNote"));
    },
    onSettled: () => void utils.payment.invalidate(),
  });
  const close = () => {
    setWhy("");
    cancel.reset();
    onClose();
  };
  const running = attempts.filter(({ status }) => OPEN_TRANSACTION_STATUSES.includes(status)).length;
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={t("cancel.title", { orderNo: payment.orderNo })}
      effects={[
        running > 0 ? t("cancel.effectAttempts", { count: running }) : t("cancel.effectNoAttempt"),
        t("cancel.effectLink"),
        ...(running > 0 ? [t("cancel.effectPaid")] : []),
      ]}
      final={t("cancel.final", { amount: yuanDisplay(payment.amountFen) })}
      verb={t("cancel.verb")}
      keep={t("cancel.back")}
      busyVerb={t("cancel.busy")}
      destructive
      busy={cancel.isPending}
      reason={why.trim() === "" && t("cancel.reasonMissing")}
      onConfirm={() => cancel.mutate({ paymentId: payment.id, reason: why.trim() })}
    >
      <Field label={t("cancel.reason")} hint={t("cancel.reasonHint")} required>
        <Input value={why} maxLength={REASON_MAX} onChange={(event) => setWhy(event.target.value)} />
      </Field>
      <CommandError error={cancel.error} />
    </ConfirmDialog>
  );
}
