"use client";

import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { StatusChip } from "~/components/status-chip";
import { Timeline } from "~/components/timeline";
import { Chip } from "~/components/ui/chip";
import { Drawer } from "~/components/ui/drawer";
import { IdText } from "~/components/ui/id";
import { DetailSkeleton } from "~/components/ui/states";
import { DIFFERENCE_KIND_LABEL } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { api, type RouterOutputs } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import type { DayDetail } from "./day-page";
import { DifferenceActions } from "./difference-actions";
import { DifferenceFacts } from "./difference-facts";
import { DifferenceSides } from "./difference-sides";
import { DifferenceStory } from "./difference-story";
import { amountOf, gapOf } from "./gap";
import { type DayState, dayInput } from "./list-state";
import { useHistoryItems } from "./use-history-items";

export type DifferenceDetail = RouterOutputs["reconciliation"]["difference"];

type DifferenceDrawerProps = {
  differenceId: string;
  detail: DayDetail;
  rights: Rights;
  userId: Id<"user">;
  state: DayState;
  onChange: (change: Partial<DayState>) => void;
};

/** One difference beside its day: what happened, both sides, who looks after it, how it came to this. */
export function DifferenceDrawer({ differenceId, detail, rights, userId, state, onChange }: DifferenceDrawerProps) {
  const t = useT("reconciliation");
  const { data, error, refetch } = api.reconciliation.difference.useQuery({ differenceId: differenceId as Id<"difference"> });
  const input = useMemo(() => dayInput(detail.day.id, state), [detail.day.id, state]);
  const { data: list } = api.reconciliation.list.useQuery(input, { placeholderData: keepPreviousData });
  const rows = list?.items ?? [];
  const at = rows.findIndex(({ id }) => id === differenceId);
  const neighbour = (step: 1 | -1) => {
    const row = at < 0 ? undefined : rows[at + step];
    return row ? () => onChange({ open: row.id }) : null;
  };
  const one = data?.difference;
  return (
    <Drawer
      rowKey={differenceId}
      onClose={() => onChange({ open: "" })}
      onPrev={neighbour(-1)}
      onNext={neighbour(1)}
      title={one ? <IdText value={one.orderNo ?? one.outTradeNo} thing={t("column.number")} copyShown /> : t("drawer.title")}
      head={data && <Head key={data.difference.id} data={data} rights={rights} userId={userId} />}
    >
      {data ? (
        <div key={data.difference.id} className="grid gap-5 border-t border-line px-gutter pt-4 pb-8">
          <DifferenceStory one={data.difference} />
          <DifferenceSides one={data.difference} />
          <DifferenceFacts one={data.difference} />
          <History data={data} />
        </div>
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <DetailSkeleton />
      )}
    </Drawer>
  );
}

function Head({ data: { difference: one }, rights, userId }: { data: DifferenceDetail; rights: Rights; userId: Id<"user"> }) {
  const lang = useLang();
  // Where the amounts agree, what it is about says more than 0.00.
  const gap = gapOf(one);
  return (
    <>
      {one.subject && <p className="mt-0.5 text-ink-2 [overflow-wrap:anywhere]">{one.subject}</p>}
      <div className="mt-2.5 flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <span className="figure mr-1 text-2xl leading-10">
          {gap === 0n ? <Money fen={amountOf(one)} yen /> : <Money fen={gap} yen sign="plus" />}
        </span>
        <Chip tone={one.status === "open" ? "neutral" : "off"}>{DIFFERENCE_KIND_LABEL[lang][one.kind]}</Chip>
        <StatusChip of="difference" status={one.status} />
        <span className="grow" />
        <DifferenceActions one={one} rights={rights} userId={userId} />
      </div>
    </>
  );
}

function History({ data: { history } }: { data: DifferenceDetail }) {
  const t = useT("reconciliation");
  const items = useHistoryItems(history);
  return (
    <section>
      <h3 className="pb-3 text-sm font-strong">{t("history.title")}</h3>
      {items.length === 0 ? <p className="text-ink-3">{t("day.historyNone")}</p> : <Timeline items={items} />}
    </section>
  );
}
