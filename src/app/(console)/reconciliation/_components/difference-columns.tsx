"use client";

import { useMemo } from "react";
import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { useNow } from "~/components/ui/clock";
import { IdText } from "~/components/ui/id";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import type { Column } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { dayText, timeText } from "~/components/ui/time-text";
import { toast } from "~/components/ui/toast";
import { DIFFERENCE_KIND_LABEL } from "~/domain/reconciliation";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { RouterOutputs } from "~/trpc/client";
import { feeText } from "./fee-text";
import { gapOf } from "./gap";
import { instant, stateText } from "./sides";

export type DifferenceRow = RouterOutputs["reconciliation"]["list"]["items"][number];

/** `all` names day and channel of each, `day` shows its status instead. */
export function useDifferenceColumns(of: "all" | "day"): readonly Column<DifferenceRow>[] {
  const t = useT("reconciliation");
  const common = useT("common");
  const lang = useLang();
  const now = useNow(null);
  return useMemo<Column<DifferenceRow>[]>(() => {
    const kind: Column<DifferenceRow> = {
      key: "kind",
      name: t("column.kind"),
      cell: (row) => <Chip>{DIFFERENCE_KIND_LABEL[lang][row.kind]}</Chip>,
      phone: "chip",
    };
    const number: Column<DifferenceRow> = {
      key: "number",
      name: t("column.number"),
      cell: (row) => <IdText value={row.orderNo ?? row.outTradeNo} />,
      link: true,
      fixed: true,
      phone: "title",
    };
    const sides: Column<DifferenceRow>[] = [
      {
        key: "theirs",
        name: t("column.theirs"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => <TheirSide row={row} />,
      },
      { key: "ours", name: t("column.ours"), unit: common("yuan"), align: "right", cell: (row) => <OurSide row={row} /> },
      {
        key: "gap",
        name: t("column.gap"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => <Money fen={gapOf(row)} sign="plus" />,
        phone: "amount",
      },
      { key: "owner", name: t("column.owner"), cell: (row) => row.ownerName ?? "–", clip: "max-w-[96px]" },
    ];
    const more: Column<DifferenceRow> = {
      key: "more",
      name: common("table.actions"),
      bare: true,
      stick: true,
      fixed: true,
      cell: (row) => <RowMenu row={row} />,
    };
    if (of === "all") {
      return [
        number,
        kind,
        {
          key: "day",
          name: t("column.day"),
          cell: (row) => dayText(row.day, now),
          phone: "meta",
        },
        {
          key: "channel",
          name: t("column.channel"),
          cell: (row) => <ProviderName provider={row.provider}>{row.channelName}</ProviderName>,
          clip: "max-w-[180px]",
          phone: "meta",
        },
        ...sides,
        { key: "opened", name: t("column.opened"), cell: (row) => <Time at={row.openedAt} /> },
        more,
      ];
    }
    return [
      number,
      kind,
      {
        key: "tradeNo",
        name: t("column.tradeNo"),
        cell: (row) => (row.tradeNo ? <IdText value={row.tradeNo} thing={t("column.tradeNo")} /> : <None />),
        phone: "meta",
      },
      ...sides,
      { key: "status", name: t("column.status"), cell: (row) => <StatusChip of="difference" status={row.status} /> },
      more,
    ];
  }, [t, common, lang, now, of]);
}

const None = () => <span className="text-ink-3">–</span>;

function TheirSide({ row }: { row: DifferenceRow }) {
  const { theirState, theirAt } = row.facts;
  if (row.theirFen === null) return <Nothing />;
  return <Said fee={row.kind === "fee" ? feeText(row.theirFee) : null} fen={row.theirFen} state={theirState} at={instant(theirAt)} />;
}

function OurSide({ row }: { row: DifferenceRow }) {
  const lang = useLang();
  const { ourState, ourAt } = row.facts;
  if (row.ourFen === null) return <Nothing />;
  return (
    <Said fee={row.kind === "fee" ? feeText(row.ourFee) : null} fen={row.ourFen} state={stateText(ourState, lang)} at={instant(ourAt)} />
  );
}

function Nothing() {
  const t = useT("reconciliation");
  return <span className="text-ink-3">{t("row.none")}</span>;
}

type SaidProps = { fen: Parameters<typeof Money>[0]["fen"]; fee: string | null; state: string | null; at: Date | null };

/** An amount, and under it the side's word and time for it. */
function Said({ fen, fee, state, at }: SaidProps) {
  const t = useT("reconciliation");
  const now = useNow(null);
  const told = [fee ? t("row.fee", { amount: fee }) : state, at && timeText(at, "list", now)].filter(Boolean).join(" · ");
  return (
    <span className="inline-block py-0.5 align-middle">
      <Money fen={fen} />
      {told && (
        <span className="block max-w-56 truncate text-xs text-ink-3" data-tip={told.length > 30 ? told : undefined}>
          {told}
        </span>
      )}
    </span>
  );
}

function RowMenu({ row }: { row: DifferenceRow }) {
  const t = useT("reconciliation");
  const common = useT("common");
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toast(common("copied"));
  };
  return (
    <MoreMenu name={row.orderNo ?? row.outTradeNo}>
      <MenuItem href={paths.reconciliationDay(row.dayId, { open: row.id })}>{t("row.open")}</MenuItem>
      {row.paymentId && <MenuItem href={paths.payment(row.paymentId)}>{t("row.payment")}</MenuItem>}
      <MenuItem onSelect={() => void copy(row.outTradeNo)}>{t("row.copy")}</MenuItem>
    </MoreMenu>
  );
}
