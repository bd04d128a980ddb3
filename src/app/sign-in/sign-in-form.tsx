"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { attemptSignIn, type Refusal } from "~/components/attempt-sign-in";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Input, PasswordInput } from "~/components/ui/input";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import type { DemoAccount } from "~/server/demo-accounts";

export function SignInForm({ next, accounts }: { next: string; accounts: readonly DemoAccount[] }) {
  const t = useT("auth");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const submit = useRef<HTMLButtonElement>(null);
  const waiting = useSecondsLeft(refusal?.kind === "wait" ? refusal.until : null);

  const error = () => {
    if (refusal?.kind !== "wait") return refusal ? t(`refused.${refusal.kind}`) : undefined;
    if (waiting <= 0) return undefined;
    return waiting > 60 ? t("waitMinutes", { minutes: Math.ceil(waiting / 60) }) : t("waitSeconds", { seconds: waiting });
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || waiting > 0) return;
    setBusy(true);
    setRefusal(null);
    const refused = await attemptSignIn(email, password);
    if (!refused) {
      // A whole new page: nothing that was rendered for a visitor stays.
      location.assign(next);
      return;
    }
    setRefusal(refused);
    setBusy(false);
  };

  return (
    <>
      <h1 className="mt-4 mb-6 text-xl font-strong">{t("title")}</h1>
      <form method="post" onSubmit={send} className="grid gap-4" noValidate>
        <Field label={t("email")}>
          <Input
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            className="h-10"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t("password")} error={error()}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            className="h-10"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button
          ref={submit}
          type="submit"
          variant="primary"
          size="form"
          className="mt-2 w-full"
          busy={busy}
          busyLabel={t("signingIn")}
          reason={waiting > 0 && error()}
        >
          {t("signIn")}
        </Button>
      </form>
      {accounts.length > 0 && (
        <DemoAccounts
          accounts={accounts}
          onPick={(account) => {
            setEmail(account.email);
            setPassword(account.password);
            setRefusal(null);
            submit.current?.focus();
          }}
        />
      )}
    </>
  );
}

function DemoAccounts({ accounts, onPick }: { accounts: readonly DemoAccount[]; onPick: (account: DemoAccount) => void }) {
  const t = useT("auth");
  const lang = useLang();
  return (
    <section aria-label={t("demo")} className="mt-8 border-t border-line pt-4">
      <h2 className="mb-1 text-xs text-ink-3">{t("demo")}</h2>
      <ul>
        {accounts.map((account) => (
          <li key={account.email}>
            <button
              type="button"
              onClick={() => onPick(account)}
              className="-mx-2 flex h-9 w-[calc(100%+16px)] items-center gap-3 rounded-md px-2 text-left hover:bg-band max-md:h-11"
            >
              <span className="w-16 flex-none text-ink-2">
                {account.role === "operator" ? t("operator") : ROLE_LABEL[lang][account.role]}
              </span>
              <span className="flex-none font-medium">{account.name}</span>
              <span className="min-w-0 grow truncate text-right text-xs text-ink-3">{account.email}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whole seconds until an instant of this machine's clock; 0 when it is over or there is none. */
function useSecondsLeft(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
}
