"use client";

import Link from "next/link";
import { useMemo } from "react";
import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { type Column, DataTable } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { PaymentDetail } from "./detail";

type Callback = PaymentDetail["callbacks"][number];

/** What the providers sent about this payment, newest first, with what became of it. */
export function CallbackTable({ callbacks }: { callbacks: readonly Callback[] }) {
  const t = useT("payment");
  const common = useT("common");
  const columns = useMemo<Column<Callback>[]>(
    () => [
      { key: "time", name: t("callback.time"), cell: (row) => <Time at={row.receivedAt} kind="inbox" />, phone: "meta" },
      { key: "provider", name: t("callback.provider"), cell: (row) => <ProviderName provider={row.provider} />, phone: "title" },
      { key: "state", name: t("callback.state"), cell: (row) => <StatusChip of="notification" status={row.state} />, phone: "chip" },
      {
        key: "providerState",
        name: t("callback.providerState"),
        cell: (row) => <span className="code text-ink-2">{row.providerState ?? "–"}</span>,
      },
      { key: "copies", name: t("callback.copies"), align: "right", cell: (row) => (row.copies > 1 ? row.copies : null) },
      {
        key: "amount",
        name: t("callback.amount"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => (row.amountFen === null ? <span className="text-ink-3">–</span> : <Money fen={row.amountFen} />),
        phone: "amount",
      },
      {
        key: "raw",
        name: t("callback.raw"),
        bare: true,
        align: "right",
        cell: (row) => (
          <Link className="link" href={paths.message(row.id)} prefetch={false}>
            {t("callback.see")}
          </Link>
        ),
        phone: "meta",
      },
    ],
    [t, common],
  );
  return (
    <DataTable
      inset
      className="mt-3"
      label={t("callback.label")}
      columns={columns}
      rows={callbacks}
      rowKey={(row) => row.id}
      empty={<p className="py-3 text-ink-3">{t("callback.none")}</p>}
    />
  );
}
