"use client";

import { QrCode } from "lucide-react";
import { useMemo } from "react";
import { IconButton } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";
import { IdText } from "~/components/ui/id";
import type { Column } from "~/components/ui/table";
import { Age, Duration, Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { ApplicationChip } from "./application-chip";
import { type RowActions, RowMenu } from "./row-menu";
import { type ApplicationRow, numberOf, waitingSince } from "./types";

const None = () => <span className="text-ink-3">–</span>;
const LONG = 14;

export function useApplicationColumns(actions: RowActions): readonly Column<ApplicationRow>[] {
  const t = useT("facetoface");
  const common = useT("common");
  return useMemo<Column<ApplicationRow>[]>(
    () => [
      {
        key: "number",
        name: t("column.number"),
        cell: (row) => <IdText value={numberOf(row)} />,
        link: true,
        fixed: true,
        phone: "meta",
      },
      {
        key: "merchant",
        name: t("column.merchant"),
        cell: (row) => <span data-tip={row.merchantName.length > LONG ? row.merchantName : undefined}>{row.merchantName}</span>,
        clip: "max-w-[190px]",
        phone: "title",
      },
      {
        key: "shop",
        name: t("column.shop"),
        cell: (row) => <span data-tip={row.shopName.length > LONG ? row.shopName : undefined}>{row.shopName}</span>,
        clip: "max-w-[190px]",
      },
      { key: "status", name: t("column.status"), cell: (row) => <ApplicationChip order={row} />, phone: "chip" },
      { key: "rate", name: t("column.rate"), unit: "%", align: "right", cell: (row) => row.rate ?? <None /> },
      { key: "link", name: t("column.link"), cell: (row) => <ConfirmLink row={row} onShow={actions.showLink} /> },
      { key: "waited", name: t("column.waited"), cell: (row) => <Waited row={row} />, phone: "amount" },
      { key: "created", name: t("column.createdAt"), cell: (row) => <Time at={row.createdAt} /> },
      {
        key: "next",
        name: t("column.nextQueryAt"),
        cell: (row) =>
          row.nextQueryAt ? (
            <span data-tip={t("queried", { count: row.queryCount })}>
              <Time at={row.nextQueryAt} />
            </span>
          ) : (
            <None />
          ),
      },
      {
        key: "batchNo",
        name: t("column.batchNo"),
        extra: true,
        cell: (row) => (row.batchNo ? <IdText value={row.batchNo} thing={t("column.batchNo")} /> : <None />),
      },
      {
        key: "lastQuery",
        name: t("column.lastQueryAt"),
        extra: true,
        cell: (row) => (row.lastQueryAt ? <Time at={row.lastQueryAt} /> : <None />),
      },
      {
        key: "providerState",
        name: t("column.providerState"),
        extra: true,
        cell: (row) => <span className="code text-ink-2">{row.providerState ?? "–"}</span>,
      },
      {
        key: "ended",
        name: t("column.endedAt"),
        extra: true,
        cell: (row) => (row.endedAt ? <Time at={row.endedAt} /> : <None />),
      },
      {
        key: "more",
        name: common("table.actions"),
        bare: true,
        stick: true,
        fixed: true,
        cell: (row) => <RowMenu row={row} actions={actions} />,
      },
    ],
    [t, common, actions],
  );
}

function ConfirmLink({ row, onShow }: { row: ApplicationRow; onShow: RowActions["showLink"] }) {
  const t = useT("facetoface");
  if (row.status !== "merchant_confirm" || !row.confirmUrl) return <None />;
  return (
    <span className="-ml-1.5 inline-flex">
      <CopyButton text={row.confirmUrl} thing={t("column.link")} />
      <IconButton size="sm" label={t("link.show")} icon={<QrCode />} className="[&_svg]:size-3.5!" onClick={() => onShow(row.id)} />
    </span>
  );
}

/** How long it has waited where it stands; for what has ended, how long it all took. */
export function Waited({ row }: { row: ApplicationRow }) {
  const t = useT("facetoface");
  if (!row.endedAt) return <Age since={waitingSince(row)} />;
  return (
    <span className="text-ink-3" data-tip={t("took")}>
      <Duration ms={row.endedAt.getTime() - row.createdAt.getTime()} />
    </span>
  );
}
