"use client";

import { LoadError } from "~/components/load-error";
import { Drawer } from "~/components/ui/drawer";
import { IdText } from "~/components/ui/id";
import { DetailSkeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { ApplicationHead } from "./application-head";
import { ApplicationParts } from "./application-parts";
import type { Rights } from "./rights";
import { type ApplicationRow, numberOf } from "./types";

type ApplicationDrawerProps = {
  orderId: string;
  /** Its row, when the list shows it: the head is there at once. */
  row: ApplicationRow | undefined;
  rights: Rights;
  onClose: () => void;
  onPrev: (() => void) | null;
  onNext: (() => void) | null;
};

export function ApplicationDrawer({ orderId, row, rights, ...drawer }: ApplicationDrawerProps) {
  const t = useT("facetoface");
  const { data: detail, error, refetch } = api.facetoface.get.useQuery({ orderId: orderId as never });
  const known = detail ?? row;
  return (
    <Drawer
      {...drawer}
      rowKey={orderId}
      fullHref={paths.facetofaceOrder(orderId)}
      title={known ? <IdText value={numberOf(known)} whole thing={t("column.number")} copyShown /> : t("title")}
      head={detail && <ApplicationHead key={detail.id} detail={detail} rights={rights} />}
    >
      {detail ? (
        <ApplicationParts key={detail.id} detail={detail} rights={rights} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <DetailSkeleton />
      )}
    </Drawer>
  );
}
