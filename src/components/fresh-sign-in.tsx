"use client";

import { type ReactNode, useRef, useState } from "react";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { storyOf } from "./app-error";
import { CommandError } from "./load-error";
import { Button } from "./ui/button";
import { Dialog } from "./ui/dialog";
import { Field } from "./ui/field";
import { PasswordInput } from "./ui/input";

/**
 * For commands that ask for a recent sign-in (SES-09): `await fresh.guard(() => command.mutateAsync(input))` asks for the password
 * where the server wants it, and then does it again. Render `fresh.dialog` once, and keep another dialog closed while `fresh.asking`.
 */
export function useFreshSignIn(): { guard<T>(command: () => Promise<T>): Promise<T>; asking: boolean; dialog: ReactNode } {
  const t = useT("common");
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const settle = useRef<(confirmed: boolean) => void>(undefined);
  const confirm = api.member.confirmPassword.useMutation();
  const wrong = confirm.error && storyOf(confirm.error, { reading: false }).words === "invalid_input";

  const ask = () =>
    new Promise<boolean>((resolve) => {
      settle.current = resolve;
      setPassword("");
      confirm.reset();
      setOpen(true);
    });
  const end = (confirmed: boolean) => {
    setOpen(false);
    settle.current?.(confirmed);
  };
  const submit = () => {
    if (password) confirm.mutate({ password }, { onSuccess: () => end(true) });
  };

  return {
    async guard(command) {
      try {
        return await command();
      } catch (error) {
        if (storyOf(error, { reading: false }).words !== "fresh_sign_in_required" || !(await ask())) throw error;
        return command();
      }
    },
    asking: open,
    dialog: (
      <Dialog
        open={open}
        onClose={() => end(false)}
        busy={confirm.isPending}
        title={t("fresh.title")}
        actions={
          <>
            <Button size="form" onClick={() => end(false)} disabled={confirm.isPending}>
              {t("cancel")}
            </Button>
            <Button size="form" variant="primary" busy={confirm.isPending} busyLabel={t("working")} onClick={submit}>
              {t("fresh.confirm")}
            </Button>
          </>
        }
      >
        <form
          method="post"
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <p>{t("fresh.why")}</p>
          <Field label={t("fresh.password")} error={wrong ? t("fresh.wrong") : undefined}>
            <PasswordInput
              autoFocus
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          {confirm.error && !wrong && <CommandError error={confirm.error} />}
        </form>
      </Dialog>
    ),
  };
}
