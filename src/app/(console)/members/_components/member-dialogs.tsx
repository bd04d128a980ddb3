"use client";

import { useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Notice } from "~/components/ui/states";
import { ROLE_LABEL, type Role } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Member } from "./member-list";
import { RoleRows } from "./role-rows";

export type MemberAct = { kind: "role" | "disable" | "enable"; member: Member };

export function MemberDialogs({ act, onClose }: { act: MemberAct | null; onClose: () => void }) {
  return (
    <>
      <RoleDialog member={act?.kind === "role" ? act.member : null} onClose={onClose} />
      <DisableDialog member={act?.kind === "disable" ? act.member : null} onClose={onClose} />
      <EnableDialog member={act?.kind === "enable" ? act.member : null} onClose={onClose} />
    </>
  );
}

type ActDialogProps = { member: Member | null; onClose: () => void };

/** The mutation keeps its error, and the dialog shows it. */
export const quietly = (command: Promise<unknown>): void => void command.catch(() => {});

/** Lists are read again after each act: what one sees is what the server has. */
function useAfterwards(onClose: () => void) {
  const utils = api.useUtils();
  return {
    async onSuccess() {
      await utils.member.list.invalidate();
      onClose();
    },
  };
}

function RoleDialog({ member, onClose }: ActDialogProps) {
  const t = useT("member");
  const [role, setRole] = useState<Role | null>(null);
  const fresh = useFreshSignIn();
  const change = api.member.changeRole.useMutation(useAfterwards(onClose));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another member begins with that member's role
  useEffect(() => {
    setRole(member?.role ?? null);
    change.reset();
  }, [member]);
  return (
    <>
      <ConfirmDialog
        open={member !== null && !fresh.asking}
        onClose={onClose}
        title={t("roleTitle", { name: member?.name ?? "" })}
        effects={[t("roleEffect")]}
        verb={t("saveRole")}
        busyVerb={t("savingRole")}
        busy={change.isPending}
        onConfirm={() => member && role && quietly(fresh.guard(() => change.mutateAsync({ userId: member.userId, role })))}
      >
        <RoleRows value={role} onChange={setRole} />
        <ActError error={change.error} />
      </ConfirmDialog>
      {fresh.dialog}
    </>
  );
}

function DisableDialog({ member, onClose }: ActDialogProps) {
  const t = useT("member");
  const disable = api.member.disable.useMutation(useAfterwards(onClose));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another member begins without the last one's error
  useEffect(() => disable.reset(), [member]);
  return (
    <ConfirmDialog
      open={member !== null}
      onClose={onClose}
      title={t("disableTitle", { name: member?.name ?? "" })}
      effects={[t("disableEffects.now"), t("disableEffects.keeps"), t("disableEffects.back")]}
      verb={t("disableVerb")}
      busyVerb={t("disabling")}
      destructive
      busy={disable.isPending}
      onConfirm={() => member && disable.mutate({ userId: member.userId })}
    >
      <ActError error={disable.error} />
    </ConfirmDialog>
  );
}

function EnableDialog({ member, onClose }: ActDialogProps) {
  const t = useT("member");
  const lang = useLang();
  const fresh = useFreshSignIn();
  const enable = api.member.enable.useMutation(useAfterwards(onClose));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another member begins without the last one's error
  useEffect(() => {
    enable.reset();
  }, [member]);
  return (
    <>
      <ConfirmDialog
        open={member !== null && !fresh.asking}
        onClose={onClose}
        title={t("enableTitle", { name: member?.name ?? "" })}
        effects={[t("enableEffect", { role: member ? ROLE_LABEL[lang][member.role] : "" })]}
        verb={t("enableVerb")}
        busyVerb={t("enabling")}
        busy={enable.isPending}
        onConfirm={() => member && quietly(fresh.guard(() => enable.mutateAsync({ userId: member.userId })))}
      >
        <ActError error={enable.error} />
      </ConfirmDialog>
      {fresh.dialog}
    </>
  );
}

function ActError({ error }: { error: unknown }) {
  const t = useT("member");
  if (!error) return null;
  if (storyOf(error, { reading: false }).details.reason === "last_owner") return <Notice tone="danger">{t("lastOwner")}</Notice>;
  return <CommandError error={error} />;
}
