"use client";

import { ProviderMark } from "~/components/provider-mark";
import { readRange } from "~/components/ui/date-presets";
import { DateRangeFilter } from "~/components/ui/date-range";
import { FilterAmount } from "~/components/ui/filter-amount";
import { ClearFilters, FilterBar, FilterSelect, SearchField } from "~/components/ui/filter-bar";
import type { Column } from "~/components/ui/table";
import { type useTableView, ViewTools } from "~/components/ui/table-tools";
import {
  ENVIRONMENT_LABEL,
  ENVIRONMENTS,
  METHOD_LABEL,
  METHODS,
  methodProvider,
  methodsOf,
  PROVIDER_LABEL,
  PROVIDERS,
  type Provider,
} from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { FILTER_NAMES, type ListState } from "./list-state";
import type { PaymentRow } from "./payment-columns";

type PaymentFiltersProps = {
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
  onClear: () => void;
  columns: readonly Column<PaymentRow>[];
  view: ReturnType<typeof useTableView>;
};

export function PaymentFilters({ state, onChange, onClear, columns, view }: PaymentFiltersProps) {
  const t = useT("payment");
  const lang = useLang();
  const provider = PROVIDERS.find((one) => one === state.provider);
  const methods = provider ? methodsOf(provider) : METHODS;
  const set = FILTER_NAMES.filter((name) => state[name] !== "").length;
  return (
    <FilterBar label={t("filters")} tools={<ViewTools columns={columns} view={view} />}>
      <SearchField value={state.q} onChange={(q) => onChange({ q })} placeholder={t("search")} />
      <DateRangeFilter
        label={t("filter.date")}
        value={readRange(state.from, state.to)}
        onChange={(range) => onChange({ from: range?.from ?? "", to: range?.to ?? "" })}
      />
      <FilterSelect<Provider>
        label={t("filter.provider")}
        value={provider ?? ""}
        options={PROVIDERS.map((value) => ({ value, label: PROVIDER_LABEL[lang][value], mark: <ProviderMark provider={value} /> }))}
        // A method of the other provider would find nothing.
        onChange={(next) => onChange({ provider: next, method: "" })}
      />
      <FilterSelect
        label={t("filter.method")}
        value={METHODS.find((one) => one === state.method) ?? ""}
        options={methods.map((value) => ({
          value,
          label: METHOD_LABEL[lang][value],
          mark: <ProviderMark provider={methodProvider(value)} />,
        }))}
        onChange={(method) => onChange({ method })}
      />
      <FilterAmount label={t("filter.amount")} min={state.min} max={state.max} onChange={onChange} />
      <FilterSelect
        label={t("filter.environment")}
        value={ENVIRONMENTS.find((one) => one === state.environment) ?? ""}
        options={ENVIRONMENTS.map((value) => ({ value, label: ENVIRONMENT_LABEL[lang][value] }))}
        onChange={(environment) => onChange({ environment })}
      />
      {set > 1 && <ClearFilters onClear={onClear} />}
    </FilterBar>
  );
}
