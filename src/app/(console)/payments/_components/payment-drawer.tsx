"use client";

import { LoadError } from "~/components/load-error";
import { Drawer } from "~/components/ui/drawer";
import { IdText } from "~/components/ui/id";
import { DetailSkeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import type { PaymentRow } from "./payment-columns";
import { PaymentHead } from "./payment-head";
import { PaymentParts } from "./payment-parts";

type PaymentDrawerProps = {
  paymentId: string;
  /** Its row, when the list shows it: the head is there at once. */
  row: PaymentRow | undefined;
  rights: Rights;
  onClose: () => void;
  onPrev: (() => void) | null;
  onNext: (() => void) | null;
};

export function PaymentDrawer({ paymentId, row, rights, ...drawer }: PaymentDrawerProps) {
  const t = useT("payment");
  const { data: detail, error, refetch } = api.payment.get.useQuery({ paymentId });
  const orderNo = detail?.payment.orderNo ?? row?.orderNo;
  return (
    <Drawer
      {...drawer}
      rowKey={paymentId}
      fullHref={paths.payment(paymentId)}
      title={orderNo ? <IdText value={orderNo} whole thing={t("column.orderNo")} copyShown /> : t("title")}
      head={detail && <PaymentHead key={detail.payment.id} detail={detail} rights={rights} />}
    >
      {detail ? (
        <PaymentParts key={detail.payment.id} detail={detail} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <DetailSkeleton />
      )}
    </Drawer>
  );
}
