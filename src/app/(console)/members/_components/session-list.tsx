"use client";

import { useState } from "react";
import { CommandError, LoadError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Chip } from "~/components/ui/chip";
import { ConfirmDialog } from "~/components/ui/dialog";
import { EmptyState } from "~/components/ui/states";
import { type Column, DataTable } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";
import { deviceName } from "./device-name";
import { PasswordDialog } from "./password-dialog";

type Session = RouterOutputs["member"]["sessions"][number];

/** Where oneself is signed in, and how to end that. */
export function SessionList() {
  const t = useT("member");
  const utils = api.useUtils();
  const sessions = api.member.sessions.useQuery();
  const [leavingAll, setLeavingAll] = useState(false);
  const [changing, setChanging] = useState(false);
  const again = () => utils.member.sessions.invalidate();
  const revoke = api.member.revokeSession.useMutation({ onSettled: again });
  const revokeOthers = api.member.revokeOtherSessions.useMutation({
    async onSuccess() {
      await again();
      setLeavingAll(false);
    },
  });
  const columns: Column<Session>[] = [
    {
      key: "device",
      name: t("columns.device"),
      phone: "title",
      cell: (one) => <span data-tip={one.userAgent || undefined}>{deviceName(one.userAgent) ?? t("unknownDevice")}</span>,
    },
    { key: "ip", name: t("columns.ip"), phone: "meta", cell: (one) => <span className="font-code text-xs">{one.ip}</span> },
    { key: "since", name: t("columns.since"), cell: (one) => <Time at={one.createdAt} /> },
    { key: "seen", name: t("columns.seen"), phone: "amount", cell: (one) => <Time at={one.lastSeenAt} /> },
    {
      key: "actions",
      name: t("columns.actions"),
      bare: true,
      stick: true,
      align: "right",
      phone: "chip",
      cell: (one) =>
        one.isThis ? (
          <Chip tone="ok">{t("thisDevice")}</Chip>
        ) : (
          <Button size="sm" variant="ghost" disabled={revoke.isPending} onClick={() => revoke.mutate({ id: one.id })}>
            {t("signOutSession")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <div className="flex flex-none flex-wrap justify-end gap-2 px-gutter py-3">
        <Button onClick={() => setChanging(true)}>{t("changePassword")}</Button>
        <Button onClick={() => setLeavingAll(true)}>{t("signOutOthers")}</Button>
      </div>
      <CommandError error={revoke.error} className="px-gutter pb-3" />
      <DataTable
        label={t("tabs.sessions")}
        columns={columns}
        rows={sessions.data}
        rowKey={(one) => one.id}
        error={sessions.error && <LoadError error={sessions.error} onRetry={() => sessions.refetch()} />}
        empty={<EmptyState>{t("never")}</EmptyState>}
      />
      <ConfirmDialog
        open={leavingAll}
        onClose={() => setLeavingAll(false)}
        title={t("signOutOthersTitle")}
        effects={[t("signOutOthersEffect")]}
        verb={t("signOutOthersVerb")}
        destructive
        busy={revokeOthers.isPending}
        onConfirm={() => revokeOthers.mutate()}
      >
        <CommandError error={revokeOthers.error} />
      </ConfirmDialog>
      <PasswordDialog open={changing} onClose={() => setChanging(false)} />
    </>
  );
}
