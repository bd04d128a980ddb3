"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { EnvironmentChip } from "~/components/environment";
import { LoadError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { StatusChip } from "~/components/status-chip";
import { IconButton } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { PageHead, Section } from "~/components/ui/page-head";
import { DetailSkeleton } from "~/components/ui/states";
import { dayText } from "~/components/ui/time-text";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { paths } from "~/lib/paths";
import { beijingDate } from "~/lib/time";
import { api, type RouterOutputs } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { DayActions } from "./day-actions";
import { DayDifferences } from "./day-differences";
import { DayFacts } from "./day-facts";
import { DayHistory } from "./day-history";
import { DayTotals } from "./day-totals";
import { DayTrouble } from "./day-trouble";
import { DifferenceDrawer } from "./difference-drawer";
import { DAY_DEFAULTS, type DayState } from "./list-state";
import { monthOf } from "./month";

export type DayDetail = RouterOutputs["reconciliation"]["get"];

type DayPageProps = { dayId: Id<"reconciliation">; rights: Rights; userId: Id<"user"> };

/** A day of a channel: both sides' totals, the statement, what differs, and how it came to this. */
export function DayPage({ dayId, rights, userId }: DayPageProps) {
  const t = useT("reconciliation");
  const { data: detail, error, refetch } = api.reconciliation.get.useQuery({ dayId });
  const now = useNow(null);
  const month = detail && monthOf(detail.day.day) !== monthOf(beijingDate(now)) ? monthOf(detail.day.day) : undefined;
  return (
    <>
      <PageHead
        className="max-lg:flex-wrap"
        trail={
          <Link href={paths.reconciliation({ month })} prefetch={false} className="link inline-flex items-center gap-0.5 max-md:min-h-11">
            <ChevronLeft aria-hidden className="md:hidden" />
            {t("back")}
          </Link>
        }
        title={
          detail ? (
            <span className="inline-flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
              <ProviderMark provider={detail.channel.provider} />
              {t("day.title", { channel: detail.channel.name, day: dayText(detail.day.day, now) })}
            </span>
          ) : (
            t("title")
          )
        }
        meta={
          detail && (
            <>
              <StatusChip of="day" status={detail.day.status} />
              <EnvironmentChip environment={detail.channel.environment} />
            </>
          )
        }
      >
        {detail && (
          <>
            <Neighbours detail={detail} />
            <DayActions detail={detail} rights={rights} />
          </>
        )}
      </PageHead>
      {detail ? (
        <Body detail={detail} rights={rights} userId={userId} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <DetailSkeleton />
      )}
    </>
  );
}

function Neighbours({ detail: { previousId, nextId } }: { detail: DayDetail }) {
  const t = useT("reconciliation");
  const router = useRouter();
  const go = (id: string | null) => id && router.push(paths.reconciliationDay(id));
  return (
    <span className="flex">
      <IconButton label={t("day.prev")} icon={<ChevronLeft />} reason={!previousId && t("day.noPrev")} onClick={() => go(previousId)} />
      <IconButton label={t("day.next")} icon={<ChevronRight />} reason={!nextId && t("day.noNext")} onClick={() => go(nextId)} />
    </span>
  );
}

function Body({ detail, rights, userId }: { detail: DayDetail; rights: Rights; userId: Id<"user"> }) {
  const t = useT("reconciliation");
  const [state, set] = useUrlState<DayState>(DAY_DEFAULTS);
  return (
    <>
      <DayTrouble detail={detail} />
      <div className="grid flex-none lg:grid-cols-[minmax(0,1fr)_340px]">
        <Section title={t("day.totals")} className="min-w-0">
          <DayTotals detail={detail} />
        </Section>
        <Section title={t("day.facts")} className="min-w-0 lg:border-l">
          <DayFacts detail={detail} />
        </Section>
      </div>
      <Section title={t("day.differences")} className="flex-none">
        <DayDifferences detail={detail} state={state} onChange={set} />
      </Section>
      <Section title={t("day.history")} className="flex-none">
        <DayHistory detail={detail} />
      </Section>
      {state.open && (
        <DifferenceDrawer differenceId={state.open} detail={detail} rights={rights} userId={userId} state={state} onChange={set} />
      )}
    </>
  );
}
