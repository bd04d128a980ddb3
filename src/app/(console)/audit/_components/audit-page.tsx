"use client";

import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { readRange } from "~/components/ui/date-presets";
import { DateRangeFilter } from "~/components/ui/date-range";
import { ClearFilters, FilterBar, FilterSelect, SearchField } from "~/components/ui/filter-bar";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { IdText } from "~/components/ui/id";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { EmptyState } from "~/components/ui/states";
import { type Column, DataTable } from "~/components/ui/table";
import { TableFoot, useTableView, ViewTools } from "~/components/ui/table-tools";
import { Time } from "~/components/ui/time";
import { useUrlState } from "~/components/ui/url-state";
import { ACTOR_KINDS, type ActorKind, EVENT_NOUNS, type EventNoun } from "~/domain/event";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { EventDrawer } from "./event-drawer";
import { useEventWords } from "./event-words";
import { LIMIT, listInput, URL_STATE } from "./list-state";

export type EventRow = RouterOutputs["event"]["list"]["items"][number];

/** Everything that happened in the tenant, newest first. Read only: the log itself can be changed by nobody. */
export function AuditPage() {
  const t = useT("event");
  const [state, set] = useUrlState(URL_STATE);
  const input = listInput(state);
  const list = api.event.list.useQuery(input, { placeholderData: (old) => old });
  const pager = usePager({ state, set, limit: LIMIT, count: list.data?.items.length, nextCursor: list.data?.nextCursor });
  const columns = useColumns();
  const view = useTableView("audit", columns);
  const filter = (change: Partial<typeof state>) => set({ ...change, ...FIRST_PAGE, open: "" });
  const filtered = Boolean(state.q || state.noun || state.actor || state.from || state.to);
  const rows = list.data?.items;
  const openAt = rows?.findIndex((row) => row.id === state.open) ?? -1;
  const neighbour = (step: number) => {
    const next = openAt < 0 ? undefined : rows?.[openAt + step];
    return next ? () => set({ open: next.id }) : null;
  };
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <PageHead title={t("title")} />
      <FilterBar label={t("filters")} tools={<ViewTools columns={columns} view={view} />}>
        <SearchField value={state.q} placeholder={t("search")} onChange={(q) => filter({ q })} />
        <DateRangeFilter
          value={readRange(state.from, state.to)}
          onChange={(range) => filter({ from: range?.from ?? "", to: range?.to ?? "" })}
        />
        <FilterSelect
          label={t("noun")}
          options={EVENT_NOUNS.map((noun) => ({ value: noun, label: t(`nouns.${noun}`) }))}
          value={state.noun as EventNoun | ""}
          onChange={(noun) => filter({ noun })}
        />
        <FilterSelect
          label={t("actor")}
          options={ACTOR_KINDS.map((kind) => ({ value: kind, label: t(`actors.${kind}`) }))}
          value={state.actor as ActorKind | ""}
          onChange={(actor) => filter({ actor })}
        />
      </FilterBar>
      <DataTable
        label={t("label")}
        columns={columns}
        hidden={view.hidden}
        compact={view.compact}
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => paths.audit({ open: row.id })}
        onOpen={(row) => set({ open: row.id }, "push")}
        openKey={state.open || null}
        live={state.after ? undefined : JSON.stringify(input)}
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
      {state.open && (
        <EventDrawer key={state.open} id={state.open} onClose={() => set({ open: "" })} onPrev={neighbour(-1)} onNext={neighbour(1)} />
      )}
    </div>
  );
}

function useColumns(): Column<EventRow>[] {
  const t = useT("event");
  const words = useEventWords();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone, as `t` does
  return useMemo(
    () => [
      { key: "at", name: t("columns.at"), phone: "meta", fixed: true, cell: (row) => <Time at={row.at} /> },
      {
        key: "type",
        name: t("columns.type"),
        phone: "title",
        fixed: true,
        link: true,
        cell: (row) => <span className="font-medium">{words(row.type)}</span>,
      },
      {
        key: "subject",
        name: t("columns.subject"),
        phone: "amount",
        cell: (row) => <IdText value={row.subject} thing={t("thing.subject")} />,
      },
      { key: "actor", name: t("columns.actor"), phone: "chip", clip: "max-w-[220px]", cell: (row) => <ActorName row={row} /> },
      { key: "ip", name: t("columns.ip"), cell: (row) => row.ip ?? "–" },
      {
        key: "request",
        name: t("columns.request"),
        extra: true,
        cell: (row) => (row.requestId ? <IdText value={row.requestId} thing={t("thing.request")} /> : "–"),
      },
    ],
    [t],
  );
}

/** A person by name; a process or a provider by what it is. */
export function ActorName({ row }: { row: Pick<EventRow, "actorKind" | "actorName"> }) {
  const t = useT("event");
  const kind = t(`actors.${row.actorKind}`);
  if (!row.actorName) return <>{kind}</>;
  return (
    <>
      {row.actorName} <span className="text-ink-3">{kind}</span>
    </>
  );
}
