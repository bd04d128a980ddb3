"use client";

import { TRPCClientError } from "@trpc/client";
import { type ReactNode, useState } from "react";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { storyOf } from "./app-error";
import { Field } from "./ui/field";
import { PasswordInput } from "./ui/input";

/**
 * For commands that need a password given lately (SES-09). `run` tries; when the server asks for the password, `field` shows a place
 * for it in the same form or dialog, and the next `run` gives it first. Words of `auth` must be on the page.
 */
export function useFreshSignIn() {
  const t = useT("auth");
  const [asked, setAsked] = useState(false);
  const [password, setPassword] = useState("");
  const confirm = api.member.confirmPassword.useMutation();
  const wrong = confirm.error && storyOf(confirm.error, { reading: false });

  const field: ReactNode = asked && (
    <Field
      label={t("confirm.label")}
      hint={t("confirm.hint")}
      error={
        wrong &&
        (wrong.details.rule === "wrong"
          ? t("fault.wrong")
          : wrong.words === "too_many_requests"
            ? t("waitMinutes", { minutes: minutesOf(wrong.details.retryAfterSeconds) })
            : t("refused.unavailable"))
      }
    >
      <PasswordInput autoComplete="current-password" autoFocus value={password} onChange={(event) => setPassword(event.target.value)} />
    </Field>
  );

  return {
    field,
    busy: confirm.isPending,
    /** The error of the command itself; that the password was asked for is none, the field says it. */
    shown: (error: unknown) => (isAskingForPassword(error) ? null : error),
    /** Runs the command. Answers whether it went through; its own error stays with its mutation. */
    async run(command: () => Promise<unknown>): Promise<boolean> {
      try {
        if (asked) await confirm.mutateAsync({ password });
        await command();
        setAsked(false);
        setPassword("");
        return true;
      } catch (error) {
        if (isAskingForPassword(error)) setAsked(true);
        return false;
      }
    },
    reset() {
      setAsked(false);
      setPassword("");
      confirm.reset();
    },
  };
}

const isAskingForPassword = (error: unknown): boolean =>
  error instanceof TRPCClientError && storyOf(error, { reading: false }).words === "fresh_sign_in_required";

const minutesOf = (seconds: unknown): number => Math.max(1, Math.ceil(Number(seconds ?? 60) / 60));
