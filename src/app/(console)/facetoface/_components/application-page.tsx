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
import { ApplicationHead } from "./application-head";
import { ApplicationParts } from "./application-parts";
import type { Rights } from "./rights";
import { type ApplicationDetail, numberOf } from "./types";
import { useFacts } from "./use-facts";

/** An application as a page of its own: what ⤢ opens, what a link in a message leads to, and what a phone shows. */
export function ApplicationPage({ orderId, rights }: { orderId: string; rights: Rights }) {
  const t = useT("facetoface");
  const { data: detail, error, refetch } = api.facetoface.get.useQuery({ orderId: orderId as never });
  return (
    <>
      <PageHead
        className="pb-0"
        trail={
          <Link href={paths.facetoface()} prefetch={false} className="link inline-flex items-center gap-0.5 max-md:min-h-11">
            <ChevronLeft aria-hidden className="md:hidden" />
            {t("title")}
          </Link>
        }
        title={
          detail ? (
            <IdText value={numberOf(detail)} whole thing={t("column.number")} copyShown className="[&_.mono-id]:text-lg" />
          ) : (
            <IdText value={orderId} className="[&_.mono-id]:text-lg" />
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

function Body({ detail, rights }: { detail: ApplicationDetail; rights: Rights }) {
  const t = useT("facetoface");
  const facts = useFacts(detail);
  return (
    <>
      <div className="px-gutter pb-3">
        <ApplicationHead detail={detail} rights={rights} />
      </div>
      <div className="grid min-h-0 grow lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0">
          <ApplicationParts detail={detail} rights={rights} page />
        </div>
        <aside aria-label={t("detail.facts")} className="border-t border-l border-line px-gutter pt-1 pb-6 max-lg:hidden">
          <RuledFacts facts={facts} single />
        </aside>
      </div>
    </>
  );
}
