"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { ClearFilters, FilterBar, FilterSelect, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { Section } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyFiltered, EmptyState } from "~/components/ui/states";
import { DataTable } from "~/components/ui/table";
import { TableFoot } from "~/components/ui/table-tools";
import { useUrlState } from "~/components/ui/url-state";
import { DIFFERENCE_KIND_LABEL, DIFFERENCE_KINDS } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { type DifferenceRow, useDifferenceColumns } from "./difference-columns";
import { FILTER_NAMES, HOME_DEFAULTS, type HomeState, isFiltered, openInput, PAGE_SIZE } from "./list-state";

/** 未处理的差异 of all days; a row leads to its day with the difference open. */
export function OpenDifferences() {
  const t = useT("reconciliation");
  const common = useT("common");
  const router = useRouter();
  const [state, set] = useUrlState<HomeState>(HOME_DEFAULTS);
  const input = useMemo(() => openInput(state), [state]);
  const list = api.reconciliation.list.useQuery(input, { placeholderData: keepPreviousData });
  const columns = useDifferenceColumns("all");
  const rows = list.data?.items;
  const pager = usePager({ state, set, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const narrow = (change: Partial<HomeState>) => set({ ...change, ...FIRST_PAGE });
  const clear = () => narrow(Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])));
  const href = (row: DifferenceRow) => paths.reconciliationDay(row.dayId, { open: row.id });
  return (
    <Section title={t("list.title")} className="flex grow flex-col">
      <Filters state={state} onChange={narrow} onClear={clear} />
      <DataTable
        className="min-h-fit shrink-0"
        label={t("list.label")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={href}
        onOpen={(row) => router.push(href(row))}
        live={state.after ? undefined : JSON.stringify(input)}
        fetching={list.isFetching && list.isPlaceholderData}
        error={list.error && !list.data ? <LoadError error={list.error} onRetry={() => void list.refetch()} /> : undefined}
        empty={
          isFiltered(state) ? (
            <EmptyFiltered clear={common("clearFilters")} onClear={clear}>
              {t("list.emptyFiltered")}
            </EmptyFiltered>
          ) : (
            <EmptyState>{t("list.empty")}</EmptyState>
          )
        }
      />
      {rows && rows.length > 0 && (
        <TableFoot
          note={t("list.note", { count: rows.length })}
          range={pager.range && t("list.range", pager.range)}
          onPrev={pager.onPrev}
          onNext={pager.onNext}
        />
      )}
    </Section>
  );
}

type FiltersProps = { state: HomeState; onChange: (change: Partial<HomeState>) => void; onClear: () => void };

function Filters({ state, onChange, onClear }: FiltersProps) {
  const t = useT("reconciliation");
  const lang = useLang();
  const set = FILTER_NAMES.filter((name) => state[name] !== "").length;
  return (
    <FilterBar label={t("list.filters")}>
      <SearchField value={state.q} onChange={(q) => onChange({ q })} placeholder={t("list.search")} />
      <FilterSelect
        label={t("list.kind")}
        value={DIFFERENCE_KINDS.find((one) => one === state.kind) ?? ""}
        options={DIFFERENCE_KINDS.map((value) => ({ value, label: DIFFERENCE_KIND_LABEL[lang][value] }))}
        onChange={(kind) => onChange({ kind })}
      />
      <FilterSelect
        label={t("list.owner")}
        value={state.owner === "me" ? "me" : ""}
        options={[{ value: "me", label: t("list.me") }]}
        onChange={(owner) => onChange({ owner })}
      />
      {set > 1 && <ClearFilters onClear={onClear} />}
    </FilterBar>
  );
}
