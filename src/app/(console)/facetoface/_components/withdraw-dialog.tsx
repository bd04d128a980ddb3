"use client";

import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { ApplicationRow } from "./types";

const REASON_MAX = 200;

type WithdrawDialogProps = { order: Pick<ApplicationRow, "id" | "shopName" | "batchNo">; open: boolean; onClose: () => void };

/** Asks once, and says what becomes of the application here and at Alipay. */
export function WithdrawDialog({ order, open, onClose }: WithdrawDialogProps) {
  const t = useT("facetoface");
  const [why, setWhy] = useState("");
  const utils = api.useUtils();
  const withdraw = api.facetoface.withdraw.useMutation({
    onSuccess() {
      close();
      toast(t("withdraw.done"));
    },
    onSettled: () => void utils.facetoface.invalidate(),
  });
  const close = () => {
    setWhy("");
    withdraw.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={t("withdraw.title", { shop: order.shopName })}
      effects={[order.batchNo ? t("withdraw.effectBatch") : t("withdraw.effectNoBatch"), t("withdraw.effectReapply")]}
      final={t("withdraw.final")}
      verb={t("withdraw.verb")}
      keep={t("withdraw.keep")}
      busyVerb={t("withdraw.busy")}
      destructive
      busy={withdraw.isPending}
      reason={why.trim() === "" && t("withdraw.reasonMissing")}
      onConfirm={() => withdraw.mutate({ orderId: order.id, reason: why.trim() })}
    >
      <Field label={t("withdraw.reason")} hint={t("withdraw.reasonHint")} required>
        <Input value={why} maxLength={REASON_MAX} onChange={(event) => setWhy(event.target.value)} />
      </Field>
      <CommandError error={withdraw.error} noMoney />
    </ConfirmDialog>
  );
}
