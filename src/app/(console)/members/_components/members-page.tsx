"use client";

import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "~/components/ui/button";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { PageHead } from "~/components/ui/page-head";
import { Tabs } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { InvitationList } from "./invitation-list";
import { InviteDialog } from "./invite-dialog";
import { MemberList } from "./member-list";
import { SessionList } from "./session-list";

const TABS = ["members", "invitations", "sessions"] as const;
export const URL_STATE = { tab: "members", q: "", ...FIRST_PAGE };

export function MembersPage({ mayManage }: { mayManage: boolean }) {
  const t = useT("member");
  const [state, set] = useUrlState(URL_STATE);
  const [inviting, setInviting] = useState(false);
  const invitations = api.member.invitations.useQuery(undefined, { enabled: mayManage });
  const shown = TABS.filter((tab) => tab !== "invitations" || mayManage);
  const tab = shown.find((one) => one === state.tab) ?? "members";
  return (
    <>
      <PageHead title={t("title")}>
        <Button variant="primary" icon={<UserPlus />} reason={!mayManage && t("onlyOwner")} onClick={() => setInviting(true)}>
          {t("invite")}
        </Button>
      </PageHead>
      <Tabs
        label={t("tabsLabel")}
        tabs={shown.map((key) => ({
          key,
          label: t(`tabs.${key}`),
          count: key === "invitations" ? (invitations.data?.length ?? null) : null,
        }))}
        value={tab}
        onChange={(next) => set({ ...URL_STATE, tab: next })}
      />
      {tab === "members" && <MemberList mayManage={mayManage} />}
      {tab === "invitations" && <InvitationList rows={invitations.data} error={invitations.error} onRetry={() => invitations.refetch()} />}
      {tab === "sessions" && <SessionList />}
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </>
  );
}
