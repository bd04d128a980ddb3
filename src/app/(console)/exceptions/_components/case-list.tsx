"use client";

import { keepPreviousData } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { type KeyboardEvent, useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { ProviderMark } from "~/components/provider-mark";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { cn } from "~/components/ui/cn";
import { ClearFilters, FilterBar, FilterSelect, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { cutMiddle } from "~/components/ui/id-text";
import { usePager } from "~/components/ui/pager";
import { EmptyState, Skeleton } from "~/components/ui/states";
import { TableFoot } from "~/components/ui/table-tools";
import { Tabs } from "~/components/ui/tabs";
import { Age, Time } from "~/components/ui/time";
import { useUrlState } from "~/components/ui/url-state";
import { CASE_KIND_LABEL, CASE_KINDS, type CaseKind } from "~/domain/exception";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { FILTER_NAMES, isFiltered, LIST_DEFAULTS, type ListState, listInput, PAGE_SIZE } from "./list-state";

type Case = RouterOutputs["exception"]["list"]["items"][number];

/** Cases by age, the oldest first; those that have ended on the other tab. */
export function CaseList() {
  const t = useT("exception");
  const [state, set] = useUrlState<ListState>(LIST_DEFAULTS);
  const input = useMemo(() => listInput(state), [state]);
  const list = api.exception.list.useQuery(input, { placeholderData: keepPreviousData });
  const rows = list.data?.items;
  const pager = usePager({ state, set, limit: PAGE_SIZE, count: rows?.length, nextCursor: list.data?.nextCursor });
  const narrow = (change: Partial<ListState>) => set({ ...change, ...FIRST_PAGE });
  return (
    <>
      <CaseTabs state={state} onChange={(status) => narrow({ status })} />
      <Filters state={state} onChange={narrow} />
      <div className="min-h-0 grow overflow-y-auto border-t border-line max-md:overflow-visible" aria-busy={list.isFetching || undefined}>
        {list.error && !rows && <LoadError error={list.error} onRetry={() => void list.refetch()} />}
        {!rows && !list.error && <Loading />}
        {rows?.length === 0 && <Nothing state={state} onClear={() => narrow(Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])))} />}
        <ol onKeyDown={walk}>
          {rows?.map((row, index) => (
            <Row key={row.id} row={row} first={index === 0} />
          ))}
        </ol>
      </div>
      {(pager.onPrev || pager.onNext) && (
        <TableFoot range={pager.range && t("foot.range", pager.range)} onPrev={pager.onPrev} onNext={pager.onNext} />
      )}
    </>
  );
}

/** ↑ and ↓ walk the list; Enter follows, as links do. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a")];
  const next = step ? links[links.indexOf(event.target as HTMLElement) + step] : undefined;
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function CaseTabs({ state, onChange }: { state: ListState; onChange: (status: string) => void }) {
  const t = useT("exception");
  const { data: sum } = api.exception.sum.useQuery();
  return (
    <Tabs
      label={t("tabs")}
      value={state.status === "ended" ? "ended" : "open"}
      onChange={(key) => onChange(key === "open" ? "" : key)}
      tabs={[
        { key: "open", label: t("tab.open"), count: sum?.count },
        { key: "ended", label: t("tab.ended") },
      ]}
    />
  );
}

function Filters({ state, onChange }: { state: ListState; onChange: (change: Partial<ListState>) => void }) {
  const t = useT("exception");
  const lang = useLang();
  return (
    <FilterBar label={t("filters")}>
      <SearchField value={state.q} onChange={(q) => onChange({ q })} placeholder={t("search")} className="w-full" />
      <FilterSelect<CaseKind>
        label={t("filter.kind")}
        value={CASE_KINDS.find((one) => one === state.kind) ?? ""}
        options={CASE_KINDS.map((value) => ({ value, label: CASE_KIND_LABEL[lang][value] }))}
        onChange={(kind) => onChange({ kind })}
      />
      <FilterSelect
        label={t("filter.owner")}
        value={state.owner}
        options={[
          { value: "me", label: t("filter.me") },
          { value: "nobody", label: t("filter.nobody") },
        ]}
        onChange={(owner) => onChange({ owner })}
      />
    </FilterBar>
  );
}

function Row({ row, first }: { row: Case; first: boolean }) {
  const t = useT("exception");
  const pathname = usePathname();
  const search = useSearchParams().toString();
  const open = row.status === "open";
  const href = paths.exception(row.id);
  const here = pathname === href;
  // The case that stands beside the list before somebody has chosen; on a phone nothing stands there.
  const beside = first && pathname === paths.exceptions();
  return (
    <li className="border-b border-line">
      <Link
        href={search ? `${href}?${search}` : href}
        prefetch={false}
        scroll={false}
        aria-current={here || beside ? "true" : undefined}
        className={cn(
          "grid grid-cols-[minmax(0,1fr)] gap-1 px-gutter py-2.5 -outline-offset-2",
          here ? "bg-selected" : "hover:bg-hover",
          beside && "md:bg-selected",
        )}
      >
        <span className="flex items-center gap-2">
          {open ? <StatusChip of="caseKind" status={row.kind} /> : <EndedKind row={row} />}
          <span className="min-w-0 grow truncate">{row.subject ?? t("row.noOrder")}</span>
          <Money fen={row.amountFen} tone={open ? "risk" : undefined} />
        </span>
        <span className="flex items-center gap-1.5 text-xs text-ink-3">
          <ProviderMark provider={row.provider} />
          <span className="code min-w-0 truncate">{row.orderNo ?? (row.outTradeNo ? cutMiddle(row.outTradeNo) : "–")}</span>
          <span className="grow" />
          <span className="whitespace-nowrap">
            {open || !row.closedAt ? <Age since={row.openedAt} /> : <Time at={row.closedAt} kind="day" focusable={false} />}
            {" · "}
            {row.ownerName ?? t("noOne")}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** What has ended is at risk no more: its kind in plain words beside how it ended. */
function EndedKind({ row }: { row: Case }) {
  const lang = useLang();
  return (
    <>
      <StatusChip of="caseStatus" status={row.status} />
      <Chip tone="off">{CASE_KIND_LABEL[lang][row.kind]}</Chip>
    </>
  );
}

function Nothing({ state, onClear }: { state: ListState; onClear: () => void }) {
  const t = useT("exception");
  if (isFiltered(state)) return <EmptyState action={<ClearFilters onClear={onClear} />}>{t("emptyFiltered")}</EmptyState>;
  return <EmptyState>{state.status === "ended" ? t("emptyEnded") : t("emptyOpen")}</EmptyState>;
}

function Loading() {
  return (
    <div aria-hidden className="grid gap-5 px-gutter py-4">
      {["w-2/3", "w-1/2", "w-3/5"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}
