"use client";

import { RuledFacts } from "~/components/ui/facts";
import { Fingerprint, IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import type { DayDetail } from "./day-page";
import { sizeText } from "./size-text";

/** The statement as it came, and whose it is. */
export function DayFacts({ detail: { day, channel, statement } }: { detail: DayDetail }) {
  const t = useT("reconciliation");
  const none = <span className="text-ink-3">{t("fact.none")}</span>;
  const file = statement
    ? [
        { label: t("fact.format"), value: t(`format.${statement.format}`) },
        ...(statement.format === "none"
          ? []
          : [
              { label: t("fact.size"), value: sizeText(statement.bytes) },
              { label: t("fact.sha256"), value: <Fingerprint sha256={statement.sha256} /> },
            ]),
      ]
    : [];
  return (
    <RuledFacts
      single
      className="border-t border-line-strong px-gutter pb-4"
      facts={[
        { label: t("fact.fetched"), value: statement?.fetchedAt ? <Time at={statement.fetchedAt} kind="detail" /> : none },
        ...file,
        { label: t("fact.compared"), value: day.comparedAt ? <Time at={day.comparedAt} kind="detail" /> : "–" },
        { label: t("fact.seller"), value: channel.sellerId ? <IdText value={channel.sellerId} whole thing={t("fact.seller")} /> : "–" },
        { label: t("fact.id"), value: <IdText value={day.id} thing={t("fact.id")} /> },
      ]}
    />
  );
}
