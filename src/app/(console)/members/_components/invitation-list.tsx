"use client";

import { useState } from "react";
import { CommandError, LoadError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ConfirmDialog } from "~/components/ui/dialog";
import { EmptyState } from "~/components/ui/states";
import { type Column, DataTable } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";

type Invitation = RouterOutputs["member"]["invitations"][number];

type Props = { rows: readonly Invitation[] | undefined; error: unknown; onRetry: () => void };

export function InvitationList({ rows, error, onRetry }: Props) {
  const t = useT("member");
  const lang = useLang();
  const utils = api.useUtils();
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const revoke = api.member.revokeInvitation.useMutation({
    async onSuccess() {
      await utils.member.invitations.invalidate();
      setLeaving(null);
    },
  });
  const columns: Column<Invitation>[] = [
    { key: "email", name: t("columns.email"), phone: "title", cell: (one) => one.email },
    { key: "role", name: t("columns.role"), phone: "amount", cell: (one) => ROLE_LABEL[lang][one.role] },
    { key: "invited", name: t("columns.invited"), cell: (one) => <Time at={one.createdAt} /> },
    { key: "expires", name: t("columns.expires"), phone: "meta", cell: (one) => <Time at={one.expiresAt} /> },
    {
      key: "actions",
      name: t("columns.actions"),
      bare: true,
      stick: true,
      align: "right",
      phone: "chip",
      cell: (one) => (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            revoke.reset();
            setLeaving(one);
          }}
        >
          {t("revoke")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={t("tabs.invitations")}
        className="mt-3"
        columns={columns}
        rows={rows}
        rowKey={(one) => one.id}
        rowName={(one) => one.email}
        error={Boolean(error) && <LoadError error={error} onRetry={onRetry} />}
        empty={<EmptyState>{t("noInvitations")}</EmptyState>}
      />
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t("revokeTitle", { email: leaving?.email ?? "" })}
        effects={[t("revokeEffect")]}
        verb={t("revoke")}
        busyVerb={t("revoking")}
        destructive
        busy={revoke.isPending}
        onConfirm={() => leaving && revoke.mutate({ id: leaving.id })}
      >
        <CommandError error={revoke.error} />
      </ConfirmDialog>
    </>
  );
}
