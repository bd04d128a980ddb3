"use client";

import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { StatusChip } from "~/components/status-chip";
import { Button } from "~/components/ui/button";
import { ClearFilters, FilterBar, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyState } from "~/components/ui/states";
import { type Column, DataTable } from "~/components/ui/table";
import { TableFoot } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { Time } from "~/components/ui/time";
import { useUrlState } from "~/components/ui/url-state";
import { TENANT_STATUS_LABEL, tenantMachine } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";
import { CreateDialog } from "./create-dialog";
import { type TenantAct, TenantDialogs } from "./tenant-dialogs";

export type Tenant = RouterOutputs["tenant"]["list"]["items"][number];

const LIMIT = 50;
const URL_STATE = { status: "", q: "", ...FIRST_PAGE };

/** For operators: every tenant, and what may be done to one. Nothing in here looks behind a tenant's wall. */
export function TenantsPage() {
  const t = useT("tenant");
  const lang = useLang();
  const [state, set] = useUrlState(URL_STATE);
  const [creating, setCreating] = useState(false);
  const [act, setAct] = useState<TenantAct | null>(null);
  const columns = useColumns(setAct);
  const status = tenantMachine.states.find((one) => one === state.status);
  const list = api.tenant.list.useQuery(
    // Without what is not set: the page's prefetch goes by the very same input.
    {
      limit: LIMIT,
      ...(state.q ? { search: state.q } : {}),
      ...(status ? { status } : {}),
      ...(state.after ? { cursor: state.after } : {}),
    },
    { placeholderData: (old) => old },
  );
  const pager = usePager({ state, set, limit: LIMIT, count: list.data?.items.length, nextCursor: list.data?.nextCursor });
  const { counts } = list.data ?? {};
  const tabs = [
    { key: "", label: t("all"), count: counts ? counts.active + counts.suspended : null },
    ...tenantMachine.states.map((one) => ({ key: one, label: TENANT_STATUS_LABEL[lang][one], count: counts?.[one] ?? null })),
  ];
  const filtered = Boolean(state.q || status);
  return (
    <>
      <PageHead title={t("title")}>
        <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
          {t("create")}
        </Button>
      </PageHead>
      <Tabs label={t("tabsLabel")} tabs={tabs} value={status ?? ""} onChange={(next) => set({ ...URL_STATE, q: state.q, status: next })} />
      <FilterBar label={t("filters")}>
        <SearchField value={state.q} placeholder={t("search")} onChange={(q) => set({ ...URL_STATE, status: state.status, q })} />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowKey={(tenant) => tenant.id}
        rowName={(tenant) => tenant.name}
        fetching={list.isFetching && list.isPlaceholderData}
        error={list.error && <LoadError error={list.error} onRetry={() => list.refetch()} />}
        empty={
          filtered ? (
            <EmptyState action={<ClearFilters onClear={() => set(URL_STATE)} />}>{t("emptySearch")}</EmptyState>
          ) : (
            <EmptyState>{t("empty")}</EmptyState>
          )
        }
      />
      <TableFoot range={pager.range && t("range", pager.range)} onPrev={pager.onPrev} onNext={pager.onNext} />
      <CreateDialog open={creating} onClose={() => setCreating(false)} />
      <TenantDialogs act={act} onClose={() => setAct(null)} />
    </>
  );
}

function useColumns(onAct: (act: TenantAct) => void): Column<Tenant>[] {
  const t = useT("tenant");
  const common = useT("common");
  return useMemo(
    () => [
      {
        key: "name",
        name: t("columns.name"),
        phone: "title",
        fixed: true,
        clip: "max-w-[260px]",
        cell: (tenant) => <span className="font-medium">{tenant.name}</span>,
      },
      { key: "slug", name: t("columns.slug"), phone: "meta", cell: (tenant) => <span className="font-code text-xs">{tenant.slug}</span> },
      { key: "status", name: t("columns.status"), phone: "chip", cell: (tenant) => <StatusChip of="tenant" status={tenant.status} /> },
      { key: "members", name: t("columns.members"), align: "right", cell: (tenant) => tenant.members },
      {
        key: "paymentMax",
        name: t("columns.paymentMax"),
        unit: common("yuan"),
        align: "right",
        phone: "amount",
        cell: (tenant) => <Money fen={tenant.paymentMaxFen} />,
      },
      {
        key: "confirmAbove",
        name: t("columns.confirmAbove"),
        unit: common("yuan"),
        align: "right",
        cell: (tenant) => <Money fen={tenant.confirmAboveFen} />,
      },
      { key: "created", name: t("columns.created"), cell: (tenant) => <Time at={tenant.createdAt} kind="day" /> },
      {
        key: "actions",
        name: t("columns.actions"),
        bare: true,
        stick: true,
        align: "right",
        cell: (tenant) => (
          <MoreMenu name={tenant.name}>
            <MenuItem onSelect={() => onAct({ kind: "enter", tenant })}>{t("enter")}</MenuItem>
            <MenuItem onSelect={() => onAct({ kind: "limits", tenant })}>{t("limits")}</MenuItem>
            {tenant.status === "active" ? (
              <MenuItem destructive onSelect={() => onAct({ kind: "suspend", tenant })}>
                {t("suspend")}
              </MenuItem>
            ) : (
              <MenuItem onSelect={() => onAct({ kind: "resume", tenant })}>{t("resume")}</MenuItem>
            )}
          </MoreMenu>
        ),
      },
    ],
    [t, common, onAct],
  );
}
