"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { LoadError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useNow } from "~/components/ui/clock";
import { presetOf, readRange } from "~/components/ui/date-presets";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyFiltered, EmptyState } from "~/components/ui/states";
import { DataTable } from "~/components/ui/table";
import { TableFoot, useTableView } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { dayText } from "~/components/ui/time-text";
import { useUrlState } from "~/components/ui/url-state";
import { FACETOFACE_STATUS_LABEL } from "~/domain/facetoface";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { beijingDate } from "~/lib/time";
import { api } from "~/trpc/client";
import { useApplicationColumns } from "./application-columns";
import { ApplicationDrawer } from "./application-drawer";
import { ApplicationFilters } from "./application-filters";
import { ExportButton } from "./export-button";
import { LinkDialog } from "./link-dialog";
import { countInput, FILTER_NAMES, isFiltered, LIST_DEFAULTS, LIST_STATUSES, type ListState, listInput, PAGE_SIZE } from "./list-state";
import { QueryFailed } from "./query-failed";
import type { Rights } from "./rights";
import type { ApplicationRow } from "./types";
import { useQueryOrder } from "./use-query-order";
import { useReason } from "./use-reason";
import { WithdrawDialog } from "./withdraw-dialog";

const CLOSED = { open: "", part: LIST_DEFAULTS.part };
const PHONE = "(max-width: 767px)";
const TABS = ["all", "attention", ...LIST_STATUSES.filter((status) => status !== "attention")] as const;

export function ApplicationsList({ rights }: { rights: Rights }) {
  const t = useT("facetoface");
  const [state, set] = useUrlState<ListState>(LIST_DEFAULTS);
  const input = useMemo(() => listInput(state), [state]);
  const list = api.facetoface.list.useQuery(input, { placeholderData: keepPreviousData });
  const [dialog, setDialog] = useState<{ kind: "link" | "withdraw"; id: string } | null>(null);
  const asking = useQueryOrder({ tell: true });
  const { ask } = asking;
  const actions = useMemo(
    () => ({
      rights,
      query: ask,
      showLink: (id: string) => setDialog({ kind: "link", id }),
      withdraw: (id: string) => setDialog({ kind: "withdraw", id }),
    }),
    [rights, ask],
  );
  const columns = useApplicationColumns(actions);
  const view = useTableView("facetoface", columns);
  const rows = list.data?.items;
  const pager = usePager({ state, set, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const router = useRouter();

  const narrow = (change: Partial<ListState>) => set({ ...change, ...FIRST_PAGE, ...CLOSED });
  const clear = () => narrow({ ...Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])), status: "" });
  const open = (row: ApplicationRow) => (matchMedia(PHONE).matches ? router.push(paths.facetofaceOrder(row.id)) : set({ open: row.id }));
  const at = rows?.findIndex((row) => row.id === state.open) ?? -1;
  const neighbour = (step: 1 | -1) => {
    const row = at < 0 ? undefined : rows?.[at + step];
    return row ? () => set({ open: row.id }) : null;
  };
  const chosen = rows?.find((row) => row.id === dialog?.id);

  return (
    <>
      <PageHead title={t("title")} meta={<CountLine state={state} />} className="pb-1.5">
        <ExportButton state={state} rights={rights} />
        <NewButton rights={rights} />
      </PageHead>
      <StatusTabs state={state} onChange={(status) => narrow({ status })} />
      <ApplicationFilters state={state} onChange={narrow} onClear={clear} columns={columns} view={view} />
      <DataTable
        label={t("listLabel")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowName={(row) => row.shopName}
        rowHref={(row) => paths.facetofaceOrder(row.id)}
        onOpen={open}
        openKey={state.open || null}
        live={JSON.stringify(input)}
        fetching={list.isFetching && list.isPlaceholderData}
        hidden={view.hidden}
        compact={view.compact}
        empty={<Nothing filtered={isFiltered(state)} rights={rights} onClear={clear} />}
        error={list.error && !list.data ? <LoadError error={list.error} onRetry={() => void list.refetch()} /> : undefined}
      />
      {rows && rows.length > 0 && (
        <TableFoot
          note={t("foot.note", { count: rows.length })}
          range={pager.range && t("foot.range", pager.range)}
          onPrev={pager.onPrev}
          onNext={pager.onNext}
        />
      )}
      {state.open && (
        <ApplicationDrawer
          orderId={state.open}
          row={rows?.[at]}
          rights={rights}
          onClose={() => set(CLOSED)}
          onPrev={neighbour(-1)}
          onNext={neighbour(1)}
        />
      )}
      {chosen && (
        <>
          <LinkDialog
            key={`link-${chosen.id}`}
            order={chosen}
            rights={rights}
            open={dialog?.kind === "link"}
            onClose={() => setDialog(null)}
          />
          <WithdrawDialog key={`withdraw-${chosen.id}`} order={chosen} open={dialog?.kind === "withdraw"} onClose={() => setDialog(null)} />
        </>
      )}
      <QueryFailed error={asking.error} onClose={asking.reset} />
    </>
  );
}

function NewButton({ rights }: { rights: Rights }) {
  const t = useT("facetoface");
  const role = useReason()(rights.write ? null : "role", rights);
  if (role) {
    return (
      <Button variant="primary" icon={<Plus />} reason={role}>
        {t("new")}
      </Button>
    );
  }
  return (
    <ButtonLink variant="primary" icon={<Plus />} href={paths.newFacetoface()}>
      {t("new")}
    </ButtonLink>
  );
}

/** 近 7 日 37 张 */
function CountLine({ state }: { state: ListState }) {
  const t = useT("facetoface");
  const common = useT("common");
  const now = useNow(null);
  const { data } = api.facetoface.counts.useQuery(countInput(state), { placeholderData: keepPreviousData });
  if (!data) return null;
  const count = data[LIST_STATUSES.find((status) => status === state.status) ?? "all"];
  const told = countText(count, data.countMax);
  const range = readRange(state.from, state.to);
  if (!range) return <span>{t("count", { count: told })}</span>;
  const preset = presetOf(range, beijingDate(now));
  const named = preset ? common(`date.${preset}`) : common("date.range", { from: dayText(range.from, now), to: dayText(range.to, now) });
  return <span className="truncate">{t("countIn", { range: named, count: told })}</span>;
}

const countText = (count: number, max: number): string => (count >= max ? `${max - 1}+` : count.toLocaleString("en-US"));

function StatusTabs({ state, onChange }: { state: ListState; onChange: (status: string) => void }) {
  const t = useT("facetoface");
  const labels = FACETOFACE_STATUS_LABEL[useLang()];
  const { data } = api.facetoface.counts.useQuery(countInput(state), { placeholderData: keepPreviousData });
  const label = (key: (typeof TABS)[number]) => (key === "all" ? t("tab.all") : key === "attention" ? t("tab.attention") : labels[key]);
  return (
    <Tabs
      label={t("tabs")}
      value={TABS.find((key) => key === state.status) ?? "all"}
      onChange={(key) => onChange(key === "all" ? "" : key)}
      tabs={TABS.map((key) => ({ key, label: label(key), count: data ? countText(data[key], data.countMax) : null }))}
    />
  );
}

function Nothing({ filtered, rights, onClear }: { filtered: boolean; rights: Rights; onClear: () => void }) {
  const t = useT("facetoface");
  const common = useT("common");
  if (filtered) {
    return (
      <EmptyFiltered clear={common("clearFilters")} onClear={onClear}>
        {t("emptyFiltered")}
      </EmptyFiltered>
    );
  }
  return (
    <EmptyState
      action={
        rights.write && (
          <ButtonLink variant="ghost" className="link" href={paths.newFacetoface()}>
            {t("new")}
          </ButtonLink>
        )
      }
    >
      {t("emptyFirst")}
    </EmptyState>
  );
}
