"use client";

import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { LoadError } from "~/components/load-error";
import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { RuledFacts } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Skeleton } from "~/components/ui/states";
import { Age, Time } from "~/components/ui/time";
import { CASE_KIND_LABEL, OWN_REASONS } from "~/domain/exception";
import { useLang, useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { CaseActions } from "./case-actions";
import { CaseHistory } from "./case-history";
import { CaseNotes } from "./case-notes";
import { CaseSides } from "./case-sides";
import { CaseStory } from "./case-story";

export type CaseDetail = RouterOutputs["exception"]["get"];

type CasePaneProps = { id: Id<"case">; rights: Rights; userId: Id<"user"> };

/** One case: what happened, both sides' words for it, what to do, notes, and how it came to this. */
export function CasePane({ id, rights, userId }: CasePaneProps) {
  const t = useT("exception");
  const { data: detail, error, refetch } = api.exception.get.useQuery({ caseId: id });
  const search = useSearchParams().toString();
  const back = (
    <Link
      href={search ? `${paths.exceptions()}?${search}` : paths.exceptions()}
      prefetch={false}
      className="link inline-flex min-h-11 items-center gap-1 px-gutter md:hidden"
    >
      <ChevronLeft aria-hidden /> {t("back")}
    </Link>
  );
  if (error && !detail) {
    return (
      <>
        {back}
        <LoadError error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!detail) return <Waiting />;
  return (
    <article>
      {back}
      <Head detail={detail} rights={rights} userId={userId} />
      <div className="grid gap-5 px-gutter pb-8">
        <CaseStory detail={detail} />
        <CaseSides detail={detail} />
        <Facts detail={detail} />
        <CaseNotes detail={detail} rights={rights} />
        <CaseHistory detail={detail} />
      </div>
    </article>
  );
}

function Head({ detail, rights, userId }: { detail: CaseDetail; rights: Rights; userId: Id<"user"> }) {
  const t = useT("exception");
  const lang = useLang();
  const { case: one } = detail;
  const open = one.status === "open";
  return (
    <header className="px-gutter pt-4 pb-4">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <h2 className="figure mr-1 text-2xl leading-10">
          <Money fen={one.amountFen} yen tone={open ? "risk" : undefined} />
        </h2>
        {open ? (
          <StatusChip of="caseKind" status={one.kind} />
        ) : (
          <>
            <Chip tone="off">{CASE_KIND_LABEL[lang][one.kind]}</Chip>
            <StatusChip of="caseStatus" status={one.status} />
          </>
        )}
        <span className="text-ink-3">
          {open ? <Age since={one.openedAt} /> : null}
          {open && " · "}
          {one.ownerName ?? t("noOne")}
        </span>
        <span className="grow" />
        <CaseActions detail={detail} rights={rights} userId={userId} />
      </div>
      {one.subject && <p className="pt-1 text-ink-2 [overflow-wrap:anywhere]">{one.subject}</p>}
    </header>
  );
}

function Facts({ detail: { case: one } }: { detail: CaseDetail }) {
  const t = useT("exception");
  const own = OWN_REASONS.find((reason) => reason === one.reason);
  const ended =
    one.closedAt === null
      ? []
      : [
          {
            label: t("fact.ended"),
            value: (
              <>
                <Time at={one.closedAt} kind="detail" />{" "}
                <span className="text-ink-3">
                  {one.closedByName ? t("fact.endedBy", { name: one.closedByName }) : t("fact.endedBySystem")}
                </span>
              </>
            ),
          },
          { label: t("fact.reason"), value: own ? t(`own.${own}`) : (one.reason ?? "–") },
        ];
  return (
    <RuledFacts
      className="border-t border-line max-lg:grid-cols-[auto_1fr] lg:max-xl:grid-cols-[auto_1fr_auto_1fr]"
      facts={[
        ...ended,
        {
          label: t("fact.order"),
          value:
            one.paymentId && one.orderNo ? (
              <Link className="mono-id link" href={paths.payment(one.paymentId)} prefetch={false}>
                {one.orderNo}
              </Link>
            ) : (
              <span className="text-ink-3">{t("row.noOrder")}</span>
            ),
        },
        { label: t("fact.channel"), value: one.provider ? <ProviderName provider={one.provider}>{one.channelName}</ProviderName> : "–" },
        { label: t("fact.opened"), value: <Time at={one.openedAt} kind="detail" /> },
        {
          label: t("fact.message"),
          value: one.notificationId ? (
            <Link className="link" href={paths.message(one.notificationId)} prefetch={false}>
              {t("fact.see")}
            </Link>
          ) : (
            <span className="text-ink-3">{t("fact.byQuery")}</span>
          ),
        },
        { label: t("fact.owner"), value: one.ownerName ?? <span className="text-ink-3">{t("noOne")}</span> },
        { label: t("fact.id"), value: <IdText value={one.id} thing={t("fact.id")} copyShown /> },
      ]}
    />
  );
}

function Waiting() {
  return (
    <div aria-busy className="grid gap-4 px-gutter py-6">
      {["w-1/3", "w-3/5", "w-1/2", "w-2/3"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}
