"use client";

import { signOut } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { storyOf } from "~/components/app-error";
import { attemptSignIn } from "~/components/attempt-sign-in";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Input, PasswordInput } from "~/components/ui/input";
import { PASSWORD_FAULTS, PASSWORD_MIN } from "~/domain/password";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";

/** Somebody new: a name and a password, then straight in. */
export function AcceptAsNewcomer({ token, email }: { token: string; email: string }) {
  const t = useT("auth");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [nameMissing, setNameMissing] = useState(false);
  const accept = api.member.acceptInvitation.useMutation({
    async onSuccess() {
      const refused = await attemptSignIn(email, password);
      location.assign(refused ? paths.signIn() : paths.home());
    },
  });
  const fault = passwordFaultOf(accept.error);

  const send = (event: FormEvent) => {
    event.preventDefault();
    setNameMissing(name.trim() === "");
    if (name.trim() !== "" && !accept.isPending) accept.mutate({ token, account: { name, password } });
  };

  return (
    <form method="post" onSubmit={send} className="grid gap-4" noValidate>
      <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
      <Field label={t("invitation.name")} error={nameMissing && t("nameMissing")}>
        <Input name="name" autoComplete="name" autoFocus className="h-10" value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field
        label={t("invitation.newPassword")}
        hint={t("invitation.passwordHint")}
        error={fault && t(`fault.${fault}`, { min: PASSWORD_MIN })}
      >
        <PasswordInput
          name="password"
          autoComplete="new-password"
          className="h-10"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {!fault && <CommandError error={accept.error} />}
      <JoinButton busy={accept.isPending || accept.isSuccess} />
    </form>
  );
}

/** Somebody who is signed in already, under the invited address. */
export function AcceptAsMember({ token }: { token: string }) {
  const move = api.tenant.switch.useMutation({ onSuccess: () => location.assign(paths.home()) });
  const accept = api.member.acceptInvitation.useMutation({ onSuccess: ({ tenantId }) => move.mutate({ tenantId }) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate({ token });
  };
  return (
    <form method="post" onSubmit={send} className="grid gap-4">
      <CommandError error={accept.error ?? move.error} />
      <JoinButton busy={accept.isPending || move.isPending || move.isSuccess} />
    </form>
  );
}

export function SwitchAccount({ token, text }: { token: string; text: string }) {
  const t = useT("auth");
  const [busy, setBusy] = useState(false);
  return (
    <div className="grid gap-4">
      <p>{text}</p>
      <Button
        variant="primary"
        size="form"
        busy={busy}
        onClick={async () => {
          setBusy(true);
          await signOut({ redirect: false });
          location.assign(paths.invitation(token));
        }}
      >
        {t("invitation.switchAccount")}
      </Button>
    </div>
  );
}

function JoinButton({ busy }: { busy: boolean }) {
  const t = useT("auth");
  return (
    <Button type="submit" variant="primary" size="form" className="mt-2 w-full" busy={busy} busyLabel={t("invitation.joining")}>
      {t("invitation.join")}
    </Button>
  );
}

/** The rule that a new password breaks, when that is what the server said. */
function passwordFaultOf(error: unknown) {
  if (!error) return null;
  const { details } = storyOf(error, { reading: false });
  return details.field === "password" ? (PASSWORD_FAULTS.find((fault) => fault === details.rule) ?? null) : null;
}
