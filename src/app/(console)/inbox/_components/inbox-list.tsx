"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { ButtonLink } from "~/components/ui/button-link";
import { readRange } from "~/components/ui/date-presets";
import { DateRangeFilter } from "~/components/ui/date-range";
import { ClearFilters, FilterBar, FilterSelect, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyState } from "~/components/ui/states";
import { DataTable } from "~/components/ui/table";
import { TableFoot, useTableView, ViewTools } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { PROVIDER_LABEL, PROVIDERS, type Provider } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { useInboxColumns } from "./inbox-columns";
import { countInput, FILTER_NAMES, isFiltered, LIST_DEFAULTS, type ListState, listInput, PAGE_SIZE } from "./list-state";

const TABS = ["all", "refused", "misfit", "waiting", "applied", "ignored"] as const;

/** 收件箱: every message that came in, newest first, whatever became of it. */
export function InboxList() {
  const t = useT("inbox");
  const [state, set] = useUrlState<ListState>(LIST_DEFAULTS);
  const input = useMemo(() => listInput(state), [state]);
  const list = api.inbox.list.useQuery(input, { placeholderData: keepPreviousData });
  const columns = useInboxColumns();
  const view = useTableView("inbox", columns);
  const rows = list.data?.items;
  const router = useRouter();
  const pager = usePager({ state, set, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const narrow = (change: Partial<ListState>) => set({ ...change, ...FIRST_PAGE });
  const clear = () => narrow({ ...Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])), state: "" });
  const setFilters = FILTER_NAMES.filter((name) => state[name] !== "").length;

  return (
    <>
      <PageHead title={t("title")} meta={<Count state={state} />} className="pb-1.5" />
      <StateTabs state={state} onChange={(next) => narrow({ state: next })} />
      <FilterBar label={t("filters")} tools={<ViewTools columns={columns} view={view} />}>
        <SearchField value={state.q} onChange={(q) => narrow({ q })} placeholder={t("search")} />
        <DateRangeFilter
          label={t("filter.date")}
          value={readRange(state.from, state.to)}
          onChange={(range) => narrow({ from: range?.from ?? "", to: range?.to ?? "" })}
        />
        <SourceFilters state={state} onChange={narrow} />
        {setFilters > 1 && <ClearFilters onClear={clear} />}
      </FilterBar>
      <DataTable
        label={t("listLabel")}
        columns={columns}
        hidden={view.hidden}
        compact={view.compact}
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => paths.message(row.id)}
        onOpen={(row) => router.push(paths.message(row.id))}
        live={state.after ? undefined : JSON.stringify(input)}
        fetching={list.isFetching && list.isPlaceholderData}
        error={list.error && !list.data ? <LoadError error={list.error} onRetry={() => void list.refetch()} /> : undefined}
        empty={<Nothing filtered={isFiltered(state)} onClear={clear} />}
      />
      {rows && rows.length > 0 && (
        <TableFoot
          note={t("foot.note", { count: rows.length })}
          range={pager.range && t("foot.range", pager.range)}
          onPrev={pager.onPrev}
          onNext={pager.onNext}
        />
      )}
    </>
  );
}

const useCounts = (state: ListState) => api.inbox.counts.useQuery(countInput(state), { placeholderData: keepPreviousData });

function Count({ state }: { state: ListState }) {
  const t = useT("inbox");
  const { data } = useCounts(state);
  const count = data?.counts.all;
  if (data === undefined || count === undefined) return null;
  return <span>{count >= data.countMax ? t("capped", { count: (data.countMax - 1).toLocaleString("en-US") }) : t("many", { count })}</span>;
}

function StateTabs({ state, onChange }: { state: ListState; onChange: (state: string) => void }) {
  const t = useT("inbox");
  const { data } = useCounts(state);
  const shown = (key: string) => {
    const count = data?.counts[key];
    if (data === undefined || count === undefined) return null;
    return count >= data.countMax ? `${data.countMax - 1}+` : count.toLocaleString("en-US");
  };
  return (
    <Tabs
      label={t("tabs")}
      value={TABS.find((key) => key === state.state) ?? "all"}
      onChange={(key) => onChange(key === "all" ? "" : key)}
      tabs={TABS.map((key) => ({ key, label: t(`tab.${key}`), count: shown(key) }))}
    />
  );
}

function SourceFilters({ state, onChange }: { state: ListState; onChange: (change: Partial<ListState>) => void }) {
  const t = useT("inbox");
  const lang = useLang();
  const channels = api.channel.list.useQuery({ limit: 100 });
  const provider = PROVIDERS.find((one) => one === state.provider) ?? "";
  const offered = (channels.data?.items ?? []).filter((one) => provider === "" || one.provider === provider);
  return (
    <>
      <FilterSelect<Provider>
        label={t("filter.provider")}
        value={provider}
        options={PROVIDERS.map((value) => ({ value, label: PROVIDER_LABEL[lang][value], mark: <ProviderMark provider={value} /> }))}
        // A channel of the other provider would find nothing.
        onChange={(next) => onChange({ provider: next, channel: "" })}
      />
      <FilterSelect
        label={t("filter.channel")}
        value={state.channel}
        options={offered.map(({ id, name, provider: of }) => ({
          value: id,
          label: name,
          text: name,
          mark: <ProviderMark provider={of} />,
        }))}
        onChange={(channel) => onChange({ channel })}
      />
    </>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const t = useT("inbox");
  if (filtered) return <EmptyState action={<ClearFilters onClear={onClear} />}>{t("emptyFiltered")}</EmptyState>;
  return <EmptyState action={<ButtonLink href={paths.channels()}>{t("seeChannels")}</ButtonLink>}>{t("empty")}</EmptyState>;
}
