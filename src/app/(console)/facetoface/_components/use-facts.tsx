"use client";

import Link from "next/link";
import type { Fact } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { categoryName } from "~/domain/mcc";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { ApplicationDetail } from "./types";

const None = () => <span className="text-ink-3">–</span>;

/** What an application is, and its times. */
export function useFacts(detail: ApplicationDetail): Fact[] {
  const t = useT("facetoface");
  const lang = useLang();
  const category = categoryName(detail.mccCode, lang);
  const id = (value: string | null, label: string): Fact => ({
    label,
    value: value ? <IdText value={value} thing={label} copyShown /> : <None />,
  });
  const time = (at: Date | null, label: string): Fact => ({ label, value: at ? <Time at={at} kind="detail" /> : <None /> });
  const facts: (Fact | false)[] = [
    id(detail.orderNo, t("fact.orderNo")),
    id(detail.batchNo, t("column.batchNo")),
    { label: t("column.rate"), value: detail.rate ? `${detail.rate}%` : <None /> },
    {
      label: t("fact.category"),
      value: (
        <>
          <span className="code">{detail.mccCode}</span>
          {category && <span className="block text-ink-2">{category}</span>}
        </>
      ),
    },
    { label: t("fact.channel"), value: detail.channelName },
    { label: t("fact.signAndAuth"), value: detail.signAndAuth ? t("fact.signAndAuthYes") : t("fact.signAndAuthNo") },
    {
      label: t("column.createdAt"),
      value: (
        <>
          <Time at={detail.createdAt} kind="detail" />
          {detail.createdByName && <span className="ml-2 text-ink-3">{detail.createdByName}</span>}
        </>
      ),
    },
    time(detail.submittedAt, t("fact.submittedAt")),
    time(detail.approvedAt, t("fact.approvedAt")),
    time(detail.endedAt, detail.status === "success" ? t("fact.openedAt") : t("column.endedAt")),
    {
      label: t("column.lastQueryAt"),
      value: detail.lastQueryAt ? (
        <>
          <Time at={detail.lastQueryAt} kind="detail" />
          <span className="ml-2 text-ink-3">{t("queried", { count: detail.queryCount })}</span>
        </>
      ) : (
        <None />
      ),
    },
    time(detail.nextQueryAt, t("column.nextQueryAt")),
    detail.merchantPid !== null && id(detail.merchantPid, t("fact.merchantPid")),
    detail.hasToken && { label: t("fact.token"), value: t("fact.tokenKept") },
    id(detail.id, t("fact.id")),
    detail.reapplyOf !== null && { label: t("fact.follows"), value: <Application id={detail.reapplyOf} /> },
    detail.followedBy.length > 0 && {
      label: t("fact.followedBy"),
      value: (
        <span className="grid">
          {detail.followedBy.map((follower) => (
            <Application key={follower} id={follower} />
          ))}
        </span>
      ),
    },
  ];
  return facts.filter((fact): fact is Fact => fact !== false);
}

const Application = ({ id }: { id: string }) => (
  <Link className="link" href={paths.facetofaceOrder(id)} prefetch={false}>
    <IdText value={id} />
  </Link>
);
