"use client";

import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Textarea } from "~/components/ui/input";
import { toast } from "~/components/ui/toast";
import { DIFFERENCE_KIND_LABEL } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { api } from "~/trpc/client";
import type { DifferenceRow } from "./difference-columns";
import { amountOf } from "./gap";

const REASON_MAX = 500;

/** A difference never ends without a reason. */
export function ResolveDialog({ one, open, onClose }: { one: DifferenceRow; open: boolean; onClose: () => void }) {
  const t = useT("reconciliation");
  const lang = useLang();
  const [why, setWhy] = useState("");
  const utils = api.useUtils();
  const resolve = api.reconciliation.resolve.useMutation({
    onSuccess() {
      close();
      toast(t("resolve.done"));
    },
    onSettled: () => Promise.all([utils.reconciliation.invalidate(), utils.dashboard.invalidate()]),
  });
  const close = () => {
    setWhy("");
    resolve.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={t("resolve.title", { kind: DIFFERENCE_KIND_LABEL[lang][one.kind], amount: yuanDisplay(amountOf(one)) })}
      effects={[t("resolve.books"), t("resolve.day"), t("resolve.keep"), t("resolve.audit")]}
      final={t("resolve.final")}
      verb={t("resolve.verb")}
      busyVerb={t("resolve.busy")}
      busy={resolve.isPending}
      reason={why.trim() === "" && t("resolve.missing")}
      onConfirm={() => resolve.mutate({ differenceId: one.id, reason: why.trim() })}
    >
      <Field label={t("resolve.reason")} hint={t("resolve.hint")} required>
        <Textarea rows={3} value={why} maxLength={REASON_MAX} onChange={(event) => setWhy(event.target.value)} />
      </Field>
      <CommandError error={resolve.error} noMoney />
    </ConfirmDialog>
  );
}
