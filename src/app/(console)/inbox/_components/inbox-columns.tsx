"use client";

import Link from "next/link";
import { useMemo } from "react";
import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import { IdText } from "~/components/ui/id";
import type { Column } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { RouterOutputs } from "~/trpc/client";
import { StateChip } from "./state-chip";
import { useReasonWords } from "./use-words";

export type InboxRow = RouterOutputs["inbox"]["list"]["items"][number];

const None = () => <span className="text-ink-3">–</span>;

export function useInboxColumns(): readonly Column<InboxRow>[] {
  const t = useT("inbox");
  const common = useT("common");
  return useMemo<Column<InboxRow>[]>(
    () => [
      {
        key: "time",
        name: t("column.time"),
        cell: (row) => <Time at={row.receivedAt} kind="inbox" focusable={false} />,
        link: true,
        fixed: true,
        phone: "meta",
      },
      {
        key: "channel",
        name: t("column.channel"),
        cell: (row) => <ProviderName provider={row.provider}>{row.channelName}</ProviderName>,
        clip: "max-w-[180px]",
      },
      { key: "content", name: t("column.content"), cell: (row) => <Content row={row} />, clip: "max-w-[320px]", phone: "title" },
      {
        key: "amount",
        name: t("column.amount"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => (row.amountFen === null ? <None /> : <Money fen={row.amountFen} tone={row.caseIsOpen ? "risk" : undefined} />),
        phone: "amount",
      },
      { key: "state", name: t("column.state"), cell: (row) => <StateChip state={row.state} caseIsOpen={row.caseIsOpen} />, phone: "chip" },
      { key: "reason", name: t("column.reason"), cell: (row) => <Reason row={row} />, clip: "max-w-[300px]" },
      {
        key: "order",
        name: t("column.order"),
        cell: (row) =>
          row.paymentId && row.orderNo ? (
            <Link className="mono-id link" href={paths.payment(row.paymentId)} prefetch={false}>
              {row.orderNo}
            </Link>
          ) : (
            <None />
          ),
        clip: "max-w-[200px]",
      },
      {
        key: "copies",
        name: t("column.copies"),
        align: "right",
        cell: (row) => (row.copies > 1 ? row.copies : <span className="text-ink-3">1</span>),
      },
      { key: "source", name: t("column.source"), extra: true, cell: (row) => <span className="code text-ink-2">{row.sourceIp}</span> },
      {
        key: "tradeNo",
        name: t("column.tradeNo"),
        extra: true,
        cell: (row) => (row.providerTradeNo ? <IdText value={row.providerTradeNo} thing={t("column.tradeNo")} /> : <None />),
      },
      { key: "applied", name: t("column.applied"), extra: true, cell: (row) => (row.appliedAt ? <Time at={row.appliedAt} /> : <None />) },
    ],
    [t, common],
  );
}

/** The provider's own word and our number. */
function Content({ row }: { row: InboxRow }) {
  const t = useT("inbox");
  return (
    <span className="inline-flex items-center gap-2">
      {row.providerState ? <span className="code">{row.providerState}</span> : <span>{t(`kind.${row.kind}`)}</span>}
      {row.outTradeNo && <IdText value={row.outTradeNo} thing={t("column.number")} className="text-ink-2" />}
    </span>
  );
}

function Reason({ row }: { row: InboxRow }) {
  const words = useReasonWords();
  const { step, text } = words(row);
  if (!text) return <None />;
  return (
    <span data-tip={text}>
      {step && <span className="text-ink-3">{step} </span>}
      {text}
    </span>
  );
}
