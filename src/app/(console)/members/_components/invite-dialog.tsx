"use client";

import { useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { LinkToCopy } from "~/components/link-to-copy";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { EmailSchema } from "~/domain/member";
import { ROLE_LABEL, type Role } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { quietly } from "./member-dialogs";
import { RoleRows } from "./role-rows";

/** Asks for address and role, then shows the link once, to copy. */
export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT("member");
  const common = useT("common");
  const lang = useLang();
  const utils = api.useUtils();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [bad, setBad] = useState(false);
  const fresh = useFreshSignIn();
  const invite = api.member.invite.useMutation({ onSuccess: () => utils.member.invitations.invalidate() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening begins empty
  useEffect(() => {
    if (!open) return;
    setEmail("");
    setRole("viewer");
    setBad(false);
    invite.reset();
  }, [open]);

  const link = invite.data?.url;
  if (link) {
    return (
      <Dialog open={open} onClose={onClose} title={t("linkReady")} actions={<Done onClick={onClose}>{t("done")}</Done>}>
        <div className="grid gap-4">
          <p>{t("linkText", { email, role: ROLE_LABEL[lang][role] })}</p>
          <LinkToCopy link={link} label={t("link")} />
        </div>
      </Dialog>
    );
  }

  const isMember = invite.error && storyOf(invite.error, { reading: false }).words === "conflict";
  const send = () => {
    const parsed = EmailSchema.safeParse(email.trim());
    setBad(!parsed.success);
    if (parsed.success) quietly(fresh.guard(() => invite.mutateAsync({ email: parsed.data, role })));
  };
  return (
    <>
      <Dialog
        open={open && !fresh.asking}
        onClose={onClose}
        title={t("inviteTitle")}
        busy={invite.isPending}
        actions={
          <>
            <Button size="form" onClick={onClose}>
              {common("cancel")}
            </Button>
            <Button size="form" variant="primary" busy={invite.isPending} busyLabel={t("makingLink")} onClick={send}>
              {t("makeLink")}
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          <p className="text-ink-2">{t("inviteText")}</p>
          <Field label={t("email")} error={bad ? t("emailBad") : isMember && t("already", { email })}>
            <Input type="email" autoComplete="off" autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />
          </Field>
          <RoleRows value={role} onChange={setRole} />
          {!isMember && <CommandError error={invite.error} />}
        </div>
      </Dialog>
      {fresh.dialog}
    </>
  );
}

function Done({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button size="form" variant="primary" onClick={onClick}>
      {children}
    </Button>
  );
}
