"use client";

import Link from "next/link";
import { useNow } from "~/components/ui/clock";
import { RuledFacts } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { dayText } from "~/components/ui/time-text";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { DifferenceRow } from "./difference-columns";
import { useReasonWords } from "./use-history-items";

/** Who looks after it, what it belongs to, and how it ended. */
export function DifferenceFacts({ one }: { one: DifferenceRow }) {
  const t = useT("reconciliation");
  const now = useNow(null);
  const reasonWords = useReasonWords();
  const ended = one.closedAt && [
    {
      label: t("drawer.closed"),
      value: (
        <>
          <Time at={one.closedAt} kind="detail" />{" "}
          <span className="text-ink-3">
            {one.closedByName ? t("drawer.closedBy", { name: one.closedByName }) : t("drawer.closedBySystem")}
          </span>
        </>
      ),
    },
    { label: t("drawer.why"), value: one.reason ? reasonWords(one.reason) : "–" },
  ];
  return (
    <RuledFacts
      single
      className="border-t border-line"
      facts={[
        ...(ended || []),
        { label: t("column.owner"), value: one.ownerName ?? "–" },
        {
          label: t("drawer.payment"),
          value: one.paymentId ? (
            <Link className="mono-id link" href={paths.payment(one.paymentId)} prefetch={false}>
              {one.orderNo ?? one.paymentId}
            </Link>
          ) : (
            <span className="text-ink-3">{t("drawer.noPayment")}</span>
          ),
        },
        { label: t("side.outTradeNo"), value: <IdText value={one.outTradeNo} thing={t("side.outTradeNo")} copyShown /> },
        ...(one.tradeNo ? [{ label: t("side.tradeNo"), value: <IdText value={one.tradeNo} thing={t("side.tradeNo")} copyShown /> }] : []),
        ...(one.foundOn ? [{ label: t("drawer.foundOn"), value: dayText(one.foundOn, now) }] : []),
        { label: t("drawer.openedAt"), value: <Time at={one.openedAt} kind="detail" /> },
        { label: t("drawer.id"), value: <IdText value={one.id} thing={t("drawer.id")} copyShown /> },
      ]}
    />
  );
}
