"use client";

import { useMemo, useState } from "react";
import { LoadError } from "~/components/load-error";
import { Chip } from "~/components/ui/chip";
import { ClearFilters, FilterBar, SearchField } from "~/components/ui/filter-bar";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import { usePager } from "~/components/ui/pager";
import { EmptyState } from "~/components/ui/states";
import { type Column, DataTable } from "~/components/ui/table";
import { TableFoot } from "~/components/ui/table-tools";
import { Time } from "~/components/ui/time";
import { useUrlState } from "~/components/ui/url-state";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";
import { type MemberAct, MemberDialogs } from "./member-dialogs";
import { URL_STATE } from "./members-page";

export type Member = RouterOutputs["member"]["list"]["items"][number];

const LIMIT = 50;

export function MemberList({ mayManage }: { mayManage: boolean }) {
  const t = useT("member");
  const [state, set] = useUrlState(URL_STATE);
  const [act, setAct] = useState<MemberAct | null>(null);
  const list = api.member.list.useQuery(
    // Without what is not set: the page's prefetch goes by the very same input.
    { limit: LIMIT, ...(state.q ? { search: state.q } : {}), ...(state.after ? { cursor: state.after } : {}) },
    { placeholderData: (old) => old },
  );
  const columns = useColumns(mayManage, setAct);
  const pager = usePager({ state, set, limit: LIMIT, count: list.data?.items.length, nextCursor: list.data?.nextCursor });
  return (
    <>
      <FilterBar label={t("filters")}>
        <SearchField value={state.q} placeholder={mayManage ? t("search") : t("searchName")} onChange={(q) => set({ ...URL_STATE, q })} />
      </FilterBar>
      <DataTable
        label={t("tabs.members")}
        columns={columns}
        rows={list.data?.items}
        rowKey={(member) => member.userId}
        rowName={(member) => member.name}
        fetching={list.isFetching && list.isPlaceholderData}
        error={list.error && <LoadError error={list.error} onRetry={() => list.refetch()} />}
        empty={<EmptyState action={<ClearFilters onClear={() => set(URL_STATE)} />}>{t("emptySearch")}</EmptyState>}
      />
      <TableFoot range={pager.range && t("range", pager.range)} onPrev={pager.onPrev} onNext={pager.onNext} />
      <MemberDialogs act={act} onClose={() => setAct(null)} />
    </>
  );
}

function useColumns(mayManage: boolean, onAct: (act: MemberAct) => void): Column<Member>[] {
  const t = useT("member");
  const lang = useLang();
  return useMemo(() => {
    const reason = !mayManage && t("onlyOwner");
    return [
      {
        key: "name",
        name: t("columns.name"),
        phone: "title",
        fixed: true,
        clip: "max-w-[240px]",
        cell: (member) => (
          <>
            <span className="font-medium">{member.name}</span>
            {member.isSelf && <span className="ml-2 text-xs text-ink-3">{t("you")}</span>}
          </>
        ),
      },
      { key: "email", name: t("columns.email"), phone: "meta", clip: "max-w-[280px]", cell: (member) => member.email },
      { key: "role", name: t("columns.role"), phone: "amount", cell: (member) => ROLE_LABEL[lang][member.role] },
      {
        key: "status",
        name: t("columns.status"),
        phone: "chip",
        cell: (member) =>
          member.disabledAt ? <Chip tone="bad">{t("status.disabled")}</Chip> : <Chip tone="ok">{t("status.active")}</Chip>,
      },
      {
        key: "lastSeen",
        name: t("columns.lastSeen"),
        cell: (member) => (member.lastSeenAt ? <Time at={member.lastSeenAt} /> : t("never")),
      },
      { key: "joined", name: t("columns.joined"), cell: (member) => <Time at={member.joinedAt} kind="day" /> },
      {
        key: "actions",
        name: t("columns.actions"),
        bare: true,
        stick: true,
        align: "right",
        cell: (member) => (
          <MoreMenu name={member.name}>
            <MenuItem reason={reason} onSelect={() => onAct({ kind: "role", member })}>
              {t("changeRole")}
            </MenuItem>
            {member.disabledAt ? (
              <MenuItem reason={reason} onSelect={() => onAct({ kind: "enable", member })}>
                {t("enable")}
              </MenuItem>
            ) : (
              <MenuItem destructive reason={reason || (member.isSelf && t("ownRow"))} onSelect={() => onAct({ kind: "disable", member })}>
                {t("disable")}
              </MenuItem>
            )}
          </MoreMenu>
        ),
      },
    ];
  }, [t, lang, mayManage, onAct]);
}
