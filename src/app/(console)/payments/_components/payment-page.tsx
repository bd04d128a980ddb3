"use client";

import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { LoadError } from "~/components/load-error";
import { RuledFacts } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { PageHead } from "~/components/ui/page-head";
import { DetailSkeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import type { PaymentDetail } from "./detail";
import { PaymentHead } from "./payment-head";
import { PaymentParts } from "./payment-parts";
import { usePaymentFacts } from "./use-payment-facts";

/** A payment as a page of its own: what ⤢ opens, what a link in a message leads to, and what a phone shows. */
export function PaymentPage({ paymentId, rights }: { paymentId: string; rights: Rights }) {
  const t = useT("payment");
  const { data: detail, error, refetch } = api.payment.get.useQuery({ paymentId });
  return (
    <>
      <PageHead
        className="pb-0"
        trail={
          <Link href={paths.payments()} prefetch={false} className="link inline-flex items-center gap-0.5 max-md:min-h-11">
            <ChevronLeft aria-hidden className="md:hidden" />
            {t("title")}
          </Link>
        }
        title={
          detail ? (
            <IdText value={detail.payment.orderNo} whole thing={t("column.orderNo")} copyShown className="[&_.mono-id]:text-lg" />
          ) : (
            <IdText value={paymentId} className="[&_.mono-id]:text-lg" />
          )
        }
      />
      {detail ? (
        <Body detail={detail} rights={rights} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <DetailSkeleton />
      )}
    </>
  );
}

function Body({ detail, rights }: { detail: PaymentDetail; rights: Rights }) {
  const t = useT("payment");
  const facts = usePaymentFacts(detail);
  return (
    <>
      <div className="px-gutter pb-3">
        <PaymentHead detail={detail} rights={rights} />
      </div>
      <div className="grid min-h-0 grow lg:grid-cols-[minmax(0,1fr)_340px]">
        <div>
          <PaymentParts detail={detail} page />
        </div>
        <aside aria-label={t("detail.facts")} className="border-t border-l border-line px-gutter pt-1 max-lg:hidden">
          <RuledFacts facts={facts} single />
        </aside>
      </div>
    </>
  );
}
