"use client";

import { useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { PasswordInput } from "~/components/ui/input";
import { toast } from "~/components/ui/toast";
import { OPERATOR_PASSWORD_MIN, PASSWORD_FAULTS, PASSWORD_MIN } from "~/domain/password";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";

export function PasswordDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT("member");
  const auth = useT("auth");
  const utils = api.useUtils();
  const me = api.member.me.useQuery(undefined, { enabled: open });
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = api.member.changePassword.useMutation({
    async onSuccess() {
      await utils.member.sessions.invalidate();
      toast(t("passwordSaved"));
      onClose();
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening begins empty
  useEffect(() => {
    setCurrent("");
    setNext("");
    change.reset();
  }, [open]);
  const rule = change.error && storyOf(change.error, { reading: false }).details.rule;
  const fault = PASSWORD_FAULTS.find((one) => one === rule);
  const min = me.data?.isOperator ? OPERATOR_PASSWORD_MIN : PASSWORD_MIN;
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t("passwordTitle")}
      verb={t("savePassword")}
      busyVerb={t("savingPassword")}
      busy={change.isPending}
      onConfirm={() => change.mutate({ current, next })}
    >
      <p className="text-ink-2">{t("passwordText")}</p>
      <Field label={t("currentPassword")} error={rule === "wrong" && auth("fault.wrong")}>
        <PasswordInput autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.target.value)} />
      </Field>
      <Field label={t("newPassword")} hint={auth("invitation.passwordHint")} error={fault && auth(`fault.${fault}`, { min })}>
        <PasswordInput autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} />
      </Field>
      {rule !== "wrong" && !fault && <CommandError error={change.error} />}
    </ConfirmDialog>
  );
}
