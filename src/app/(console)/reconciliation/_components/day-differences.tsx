"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { cn } from "~/components/ui/cn";
import { FilterBar, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { usePager } from "~/components/ui/pager";
import { EmptyFiltered, EmptyState, Notice } from "~/components/ui/states";
import { DataTable } from "~/components/ui/table";
import { TableFoot } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { DIFFERENCE_KIND_LABEL, DIFFERENCE_KINDS } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { DayDetail } from "./day-page";
import { useDifferenceColumns } from "./difference-columns";
import { type DayState, dayInput, isFiltered, PAGE_SIZE } from "./list-state";

type DayDifferencesProps = {
  detail: DayDetail;
  state: DayState;
  onChange: (change: Partial<DayState>, how?: "replace" | "push") => void;
};

/** What differs on this day: open and ended, by kind; a row opens its drawer. */
export function DayDifferences({ detail, state, onChange }: DayDifferencesProps) {
  const t = useT("reconciliation");
  const common = useT("common");
  const { day } = detail;
  const input = useMemo(() => dayInput(day.id, state), [day.id, state]);
  const list = api.reconciliation.list.useQuery(input, { placeholderData: keepPreviousData });
  const columns = useDifferenceColumns("day");
  const rows = list.data?.items;
  const pager = usePager({ state, set: onChange, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const narrow = (change: Partial<DayState>) => onChange({ ...change, ...FIRST_PAGE, open: "" });
  const ended = state.status === "ended";
  return (
    <>
      <StatusTabs detail={detail} ended={ended} onChange={(status) => narrow({ status, kind: "" })} />
      <FilterBar label={t("list.filters")}>
        <SearchField value={state.q} onChange={(q) => narrow({ q })} placeholder={t("list.search")} />
        <KindChips detail={detail} ended={ended} kind={state.kind} onChange={(kind) => narrow({ kind })} />
      </FilterBar>
      <DataTable
        className="min-h-fit shrink-0"
        label={t("differences.label")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => paths.reconciliationDay(day.id, { open: row.id })}
        onOpen={(row) => onChange({ open: row.id })}
        openKey={state.open || null}
        live={JSON.stringify(input)}
        fetching={list.isFetching && list.isPlaceholderData}
        error={list.error && !list.data ? <LoadError error={list.error} onRetry={() => void list.refetch()} /> : undefined}
        empty={
          isFiltered(state) ? (
            <EmptyFiltered clear={common("clearFilters")} onClear={() => narrow({ q: "", kind: "" })}>
              {t("list.emptyFiltered")}
            </EmptyFiltered>
          ) : (
            <EmptyState>{ended ? t("differences.emptyEnded") : t("differences.emptyOpen")}</EmptyState>
          )
        }
      />
      {day.unlisted > 0 && (
        <div className="border-t border-line px-gutter py-3">
          <Notice tone="warning">{t("differences.unlisted", { count: day.unlisted })}</Notice>
        </div>
      )}
      {(pager.onPrev || pager.onNext) && (
        <TableFoot range={pager.range && t("list.range", pager.range)} onPrev={pager.onPrev} onNext={pager.onNext} />
      )}
    </>
  );
}

type PartProps = { detail: DayDetail; ended: boolean };

function StatusTabs({ detail: { open, kinds }, ended, onChange }: PartProps & { onChange: (status: string) => void }) {
  const t = useT("reconciliation");
  const all = kinds.reduce((sum, one) => sum + one.total, 0);
  return (
    <Tabs
      label={t("differences.tabs")}
      value={ended ? "ended" : "open"}
      onChange={(key) => onChange(key === "open" ? "" : key)}
      tabs={[
        { key: "open", label: t("differences.open"), count: open },
        { key: "ended", label: t("differences.ended"), count: all - open },
      ]}
    />
  );
}

type KindChipsProps = PartProps & { kind: string; onChange: (kind: string) => void };

/** The kinds that there are, with their counts; pressed again, all are shown. */
function KindChips({ detail: { kinds }, ended, kind, onChange }: KindChipsProps) {
  const t = useT("reconciliation");
  const lang = useLang();
  const shown = DIFFERENCE_KINDS.flatMap((one) => {
    const found = kinds.find((counted) => counted.kind === one);
    const count = found ? (ended ? found.total - found.open : found.open) : 0;
    return count > 0 || one === kind ? [{ one, count }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <fieldset aria-label={t("differences.kinds")} className="m-0 flex min-w-0 flex-wrap gap-2 border-0 p-0">
      {shown.map(({ one, count }) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === kind}
          onClick={() => onChange(one === kind ? "" : one)}
          className={cn(
            "inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 whitespace-nowrap inset-ring max-md:h-11",
            one === kind
              ? "bg-accent-soft font-medium text-accent-ink inset-ring-accent-line"
              : "text-ink-2 inset-ring-line-strong hover:text-ink",
          )}
        >
          {DIFFERENCE_KIND_LABEL[lang][one]}
          <span className={cn("text-xs", one === kind ? "text-accent-ink" : "text-ink-3")}>{count}</span>
        </button>
      ))}
    </fieldset>
  );
}
