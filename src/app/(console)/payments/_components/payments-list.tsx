"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useNow } from "~/components/ui/clock";
import { presetOf, readRange } from "~/components/ui/date-presets";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyFiltered, EmptyState } from "~/components/ui/states";
import { DataTable } from "~/components/ui/table";
import { TableFoot, useTableView } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { dayText } from "~/components/ui/time-text";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { sumFen } from "~/lib/money";
import { paths } from "~/lib/paths";
import { beijingDate } from "~/lib/time";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { ExportButton } from "./export-button";
import { countInput, FILTER_NAMES, filterInput, isFiltered, LIST_DEFAULTS, type ListState, listInput, PAGE_SIZE } from "./list-state";
import { type PaymentRow, usePaymentColumns } from "./payment-columns";
import { PaymentDrawer } from "./payment-drawer";
import { PaymentFilters } from "./payment-filters";
import { useReason } from "./use-reason";

const TABS = ["all", "pending", "paid", "partially_refunded", "refunded", "closed", "unknown"] as const;
const FIRST_PAGE = { after: "", page: "1" };
const CLOSED = { open: "", part: LIST_DEFAULTS.part };
const PHONE = "(max-width: 767px)";

export function PaymentsList({ rights }: { rights: Rights }) {
  const t = useT("payment");
  const [state, set] = useUrlState<ListState>(LIST_DEFAULTS);
  const input = useMemo(() => listInput(state), [state]);
  const list = api.payment.list.useQuery(input, { placeholderData: keepPreviousData });
  const columns = usePaymentColumns();
  const view = useTableView("payments", columns);
  const rows = list.data?.items;
  const pager = usePager({ state, set, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const router = useRouter();

  const narrow = (change: Partial<ListState>) => set({ ...change, ...FIRST_PAGE, ...CLOSED });
  const clear = () => narrow({ ...Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])), status: "" });
  const open = (row: PaymentRow) => (matchMedia(PHONE).matches ? router.push(paths.payment(row.id)) : set({ open: row.id }));
  const at = rows?.findIndex((row) => row.id === state.open) ?? -1;
  const neighbour = (step: 1 | -1) => {
    const row = at < 0 ? undefined : rows?.[at + step];
    return row ? () => set({ open: row.id }) : null;
  };

  return (
    <>
      <PageHead title={t("title")} meta={<SumLine state={state} />} className="pb-1.5">
        <ExportButton state={state} rights={rights} />
        <NewButton rights={rights} />
      </PageHead>
      <StatusTabs state={state} onChange={(status) => narrow({ status })} />
      <PaymentFilters state={state} onChange={narrow} onClear={clear} columns={columns} view={view} />
      <DataTable
        label={t("listLabel")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowName={(row) => row.orderNo}
        rowHref={(row) => paths.payment(row.id)}
        onOpen={open}
        openKey={state.open || null}
        live={JSON.stringify(input)}
        fetching={list.isFetching && list.isPlaceholderData}
        sort={{ key: state.sort === "amount" ? "amount" : "created", direction: "desc" }}
        onSort={({ key }) => narrow({ sort: key })}
        hidden={view.hidden}
        compact={view.compact}
        empty={<Nothing filtered={isFiltered(state)} onClear={clear} />}
        error={list.error && !list.data ? <LoadError error={list.error} onRetry={() => void list.refetch()} /> : undefined}
      />
      {rows && rows.length > 0 && <Foot rows={rows} pager={pager} />}
      {state.open && (
        <PaymentDrawer
          paymentId={state.open}
          row={rows?.[at]}
          rights={rights}
          onClose={() => set(CLOSED)}
          onPrev={neighbour(-1)}
          onNext={neighbour(1)}
        />
      )}
    </>
  );
}

function NewButton({ rights }: { rights: Rights }) {
  const t = useT("payment");
  const role = useReason()(rights.write ? null : "role", rights);
  if (role) {
    return (
      <Button variant="primary" icon={<Plus />} reason={role}>
        {t("new")}
      </Button>
    );
  }
  return (
    <ButtonLink variant="primary" icon={<Plus />} href={paths.newPayment()}>
      {t("new")}
    </ButtonLink>
  );
}

/** 近 7 日 1,284 笔，应收 ¥2,846,310.50 */
function SumLine({ state }: { state: ListState }) {
  const t = useT("payment");
  const common = useT("common");
  const now = useNow(null);
  const { data: sum, isPending } = api.payment.sum.useQuery(filterInput(state), { placeholderData: keepPreviousData });
  const counts = api.payment.counts.useQuery(countInput(state), { placeholderData: keepPreviousData });
  if (isPending || sum === undefined) return null;
  const range = readRange(state.from, state.to);
  const preset = range && presetOf(range, beijingDate(now));
  const named =
    range && (preset ? common(`date.${preset}`) : common("date.range", { from: dayText(range.from, now), to: dayText(range.to, now) }));
  if (sum === null) {
    const max = (counts.data?.countMax ?? 1_000).toLocaleString("en-US");
    return <span>{named ? t("manyIn", { range: named, max }) : t("many", { max })}</span>;
  }
  return (
    <span className="truncate">
      {named ? t("sumIn", { range: named, count: sum.count }) : t("sum", { count: sum.count })}{" "}
      <span className="text-ink-2">
        <Money fen={sum.totalFen} yen />
      </span>
    </span>
  );
}

function StatusTabs({ state, onChange }: { state: ListState; onChange: (status: string) => void }) {
  const t = useT("payment");
  const { data } = api.payment.counts.useQuery(countInput(state), { placeholderData: keepPreviousData });
  const shown = (key: string) => {
    const count = data?.counts[key];
    if (data === undefined || count === undefined) return null;
    return count >= data.countMax ? `${data.countMax - 1}+` : count.toLocaleString("en-US");
  };
  const chosen = TABS.find((key) => key === state.status) ?? "all";
  return (
    <Tabs
      label={t("tabs")}
      value={chosen}
      onChange={(key) => onChange(key === "all" ? "" : key)}
      tabs={TABS.map((key) => ({ key, label: t(`tab.${key}`), count: shown(key) }))}
    />
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const t = useT("payment");
  const common = useT("common");
  const channels = api.channel.list.useQuery({ limit: 1 }, { enabled: !filtered });
  if (filtered) {
    return (
      <EmptyFiltered clear={common("clearFilters")} onClear={onClear}>
        {t("emptyFiltered")}
      </EmptyFiltered>
    );
  }
  const none = channels.data?.items.length === 0;
  return (
    <EmptyState
      action={
        <ButtonLink variant="ghost" className="link" href={none ? paths.channels() : paths.newPayment()}>
          {none ? t("addChannel") : t("new")}
        </ButtonLink>
      }
    >
      {none ? t("emptyNoChannel") : t("emptyFirst")}
    </EmptyState>
  );
}

function Foot({ rows, pager }: { rows: readonly PaymentRow[]; pager: ReturnType<typeof usePager> }) {
  const t = useT("payment");
  const refunded = sumFen(rows.map((row) => row.refundedFen));
  return (
    <TableFoot
      note={t("foot.note", { count: rows.length })}
      totals={[
        { label: t("foot.amount"), value: <Money fen={sumFen(rows.map((row) => row.amountFen))} /> },
        { label: t("foot.refunded"), value: <Money fen={refunded} sign="minus" /> },
      ]}
      range={pager.range && t("foot.range", pager.range)}
      onPrev={pager.onPrev}
      onNext={pager.onNext}
    />
  );
}
