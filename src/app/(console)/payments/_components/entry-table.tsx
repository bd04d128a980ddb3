"use client";

import { useMemo } from "react";
import { Money, Total } from "~/components/money";
import { IdText } from "~/components/ui/id";
import { type Column, DataTable } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { sumFen } from "~/lib/money";
import type { PaymentDetail } from "./detail";

type Entry = PaymentDetail["entries"][number];

/** The books of this payment: double entries, whose sum is zero. */
export function EntryTable({ entries }: { entries: readonly Entry[] }) {
  const t = useT("payment");
  const common = useT("common");
  const columns = useMemo<Column<Entry>[]>(
    () => [
      { key: "account", name: t("entry.account"), cell: (row) => t(`entry.accounts.${row.account}`), phone: "title" },
      {
        key: "booking",
        name: t("entry.booking"),
        cell: (row) => <IdText value={row.bookingId} thing={t("entry.booking")} />,
        phone: "meta",
      },
      { key: "time", name: t("entry.time"), cell: (row) => <Time at={row.bookedAt} />, phone: "meta" },
      {
        key: "amount",
        name: t("entry.amount"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => <Money fen={row.amountFen} sign="plus" />,
        phone: "amount",
      },
    ],
    [t, common],
  );
  return (
    <>
      <DataTable
        inset
        className="mt-3"
        label={t("entry.label")}
        columns={columns}
        rows={entries}
        rowKey={(row) => `${row.bookingId} ${row.account}`}
        empty={<p className="py-3 text-ink-3">{t("entry.none")}</p>}
      />
      {entries.length > 0 && (
        <p className="flex justify-between pt-2.5 font-strong">
          {t("entry.sum")}
          <Total>
            <Money fen={sumFen(entries.map((one) => one.amountFen))} />
          </Total>
        </p>
      )}
    </>
  );
}
