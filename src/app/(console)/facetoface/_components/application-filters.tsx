"use client";

import { readRange } from "~/components/ui/date-presets";
import { DateRangeFilter } from "~/components/ui/date-range";
import { ClearFilters, FilterBar, SearchField } from "~/components/ui/filter-bar";
import type { Column } from "~/components/ui/table";
import { type useTableView, ViewTools } from "~/components/ui/table-tools";
import { useT } from "~/i18n/use-t";
import type { ListState } from "./list-state";
import type { ApplicationRow } from "./types";

type ApplicationFiltersProps = {
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
  onClear: () => void;
  columns: readonly Column<ApplicationRow>[];
  view: ReturnType<typeof useTableView>;
};

export function ApplicationFilters({ state, onChange, onClear, columns, view }: ApplicationFiltersProps) {
  const t = useT("facetoface");
  const range = readRange(state.from, state.to);
  return (
    <FilterBar label={t("filters")} tools={<ViewTools columns={columns} view={view} />}>
      <SearchField value={state.q} onChange={(q) => onChange({ q })} placeholder={t("search")} className="w-80" />
      <DateRangeFilter
        label={t("filter.date")}
        value={range}
        onChange={(next) => onChange({ from: next?.from ?? "", to: next?.to ?? "" })}
      />
      {state.q && range && <ClearFilters onClear={onClear} />}
    </FilterBar>
  );
}
