"use client";

import { useMemo } from "react";
import { Money } from "~/components/money";
import { MovementMark } from "~/components/movement";
import { MethodName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { IdText } from "~/components/ui/id";
import { type Column, DataTable } from "~/components/ui/table";
import { useT } from "~/i18n/use-t";
import { type Attempt, attemptMovement, type PaymentDetail } from "./detail";

/** Each attempt with its own 资金标. */
export function AttemptTable({ detail }: { detail: PaymentDetail }) {
  const { attempts } = detail;
  const t = useT("payment");
  const common = useT("common");
  const columns = useMemo<Column<Attempt>[]>(
    () => [
      {
        key: "outTradeNo",
        name: t("attempt.outTradeNo"),
        cell: (row) => <IdText value={row.outTradeNo} thing={t("attempt.outTradeNo")} />,
        phone: "meta",
      },
      { key: "method", name: t("attempt.method"), cell: (row) => <MethodName method={row.method} short />, phone: "title" },
      { key: "status", name: t("attempt.status"), cell: (row) => <StatusChip of="transaction" status={row.status} />, phone: "chip" },
      {
        key: "movement",
        name: t("attempt.movement"),
        cell: (row) => <MovementMark movement={attemptMovement(row, detail)} />,
        phone: "meta",
      },
      {
        key: "providerState",
        name: t("attempt.providerState"),
        cell: (row) => (
          <span className="code text-ink-2" data-tip={row.queryCount > 0 ? t("attempt.queried", { count: row.queryCount }) : undefined}>
            {row.providerState ?? row.failureCode ?? "–"}
          </span>
        ),
        clip: "max-w-[132px]",
      },
      {
        key: "amount",
        name: t("attempt.amount"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => (
          <Money fen={row.receivedFen ?? row.amountFen} tone={attemptMovement(row, detail) === "unknown" ? "risk" : undefined} />
        ),
        phone: "amount",
      },
    ],
    [t, common, detail],
  );
  return (
    <DataTable
      inset
      label={t("detail.attempts")}
      columns={columns}
      rows={attempts}
      rowKey={(row) => row.id}
      empty={<p className="py-3 text-ink-3">{t("detail.attemptsNone")}</p>}
    />
  );
}
