"use client";

import { Maximize2 } from "lucide-react";
import { useMemo } from "react";
import { Money } from "~/components/money";
import { MovementMark } from "~/components/movement";
import { MethodName } from "~/components/provider-name";
import { IdText } from "~/components/ui/id";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import type { Column } from "~/components/ui/table";
import { Time } from "~/components/ui/time";
import { toast } from "~/components/ui/toast";
import { paymentMovement } from "~/domain/payment";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { RouterOutputs } from "~/trpc/client";
import { PaymentChip } from "./payment-chip";

export type PaymentRow = RouterOutputs["payment"]["list"]["items"][number];

export const movementOf = (row: PaymentRow) =>
  paymentMovement({ status: row.status, openCases: row.openCases.length, inDoubt: row.inDoubt });

const None = () => <span className="text-ink-3">–</span>;

export function usePaymentColumns(): readonly Column<PaymentRow>[] {
  const t = useT("payment");
  const common = useT("common");
  return useMemo<Column<PaymentRow>[]>(
    () => [
      {
        key: "orderNo",
        name: t("column.orderNo"),
        cell: (row) => <IdText value={row.orderNo} whole={row.orderNo.length <= 24} />,
        link: true,
        fixed: true,
        phone: "meta",
      },
      {
        key: "subject",
        name: t("column.subject"),
        cell: (row) => <span data-tip={row.subject.length > 16 ? row.subject : undefined}>{row.subject}</span>,
        clip: "max-w-[210px]",
        phone: "title",
      },
      {
        key: "amount",
        name: t("column.amount"),
        unit: common("yuan"),
        align: "right",
        sortable: true,
        cell: (row) => <Money fen={row.amountFen} tone={movementOf(row) === "unknown" ? "risk" : undefined} />,
        phone: "amount",
      },
      {
        key: "refunded",
        name: t("column.refunded"),
        unit: common("yuan"),
        align: "right",
        cell: (row) => (row.refundedFen > 0n ? <Money fen={row.refundedFen} sign="minus" /> : <None />),
      },
      {
        key: "method",
        name: t("column.method"),
        cell: (row) => (row.method ? <MethodName method={row.method} short /> : <None />),
      },
      {
        key: "attempts",
        name: t("column.attempts"),
        align: "right",
        cell: (row) => (row.attempts > 1 ? <span className="text-ink-3">{row.attempts}</span> : null),
      },
      {
        key: "status",
        name: t("column.status"),
        cell: (row) => <PaymentChip status={row.status} openCases={row.openCases} inDoubt={row.inDoubt} />,
        phone: "chip",
      },
      { key: "movement", name: t("column.movement"), cell: (row) => <MovementMark movement={movementOf(row)} /> },
      { key: "created", name: t("column.createdAt"), sortable: true, cell: (row) => <Time at={row.createdAt} /> },
      {
        key: "paidAt",
        name: t("column.paidAt"),
        extra: true,
        cell: (row) => (row.paidAt ? <Time at={row.paidAt} /> : <None />),
      },
      { key: "expiresAt", name: t("column.expiresAt"), extra: true, cell: (row) => <Time at={row.expiresAt} /> },
      { key: "more", name: common("table.actions"), bare: true, stick: true, fixed: true, cell: (row) => <RowMenu row={row} /> },
    ],
    [t, common],
  );
}

function RowMenu({ row }: { row: PaymentRow }) {
  const t = useT("payment");
  const common = useT("common");
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toast(common("copied"));
  };
  return (
    <MoreMenu name={row.orderNo}>
      <MenuItem icon={<Maximize2 />} href={paths.payment(row.id)}>
        {t("row.full")}
      </MenuItem>
      <MenuItem onSelect={() => void copy(row.orderNo)}>{t("row.copyOrderNo")}</MenuItem>
      <MenuItem onSelect={() => void copy(row.id)}>{t("row.copyId")}</MenuItem>
    </MoreMenu>
  );
}
