"use client";

import { cn } from "~/components/ui/cn";
import { cutMiddle } from "~/components/ui/id-text";
import { Time } from "~/components/ui/time";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { CaseDetail } from "./case-pane";
import { type Side, sidesOf, type Value } from "./sides";

/** 渠道说 and 我方账 side by side; rows that differ are marked in words and weight. */
export function CaseSides({ detail: { case: one } }: { detail: CaseDetail }) {
  const t = useT("exception");
  const lang = useLang();
  const provider = one.provider ? PROVIDER_LABEL[lang][one.provider] : "–";
  const rows = sidesOf(
    {
      ...one,
      channelAppId: one.channelAppId ?? null,
      channelSellerId: one.channelSellerId ?? null,
      paidAt: one.paidAt ?? null,
      paymentClosedAt: one.paymentClosedAt ?? null,
    },
    lang,
  );
  const plum = one.status === "open";
  return (
    <section>
      <h3 className="pb-2 text-sm font-strong">{t("sides.title")}</h3>
      <table aria-label={t("sides.label")} className="w-full table-fixed border-t border-line-strong text-left">
        <thead>
          <tr className="h-8 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line-strong [&>th]:font-medium">
            <th className="w-28 pl-2 max-md:w-20">{t("sides.field")}</th>
            <th>{t("sides.theirs", { provider })}</th>
            <th>
              {t("sides.ours")} <span className="font-normal">{t("sides.atThatTime")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} plum={plum} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, plum }: { row: Side; plum: boolean }) {
  const t = useT("exception");
  return (
    <tr
      className={cn(
        "h-9 align-middle [&>*]:border-b [&>*]:border-line",
        row.differs && "font-medium",
        row.differs && plum && "bg-risk-soft text-risk shadow-[inset_2px_0_0_var(--risk)]",
      )}
    >
      <th scope="row" className={cn("pl-2 font-normal", row.differs && plum ? "text-risk" : "text-ink-3")}>
        {t(`sides.${row.key}`)}
        {row.differs && <span className="sr-only"> {t("sides.differs")}</span>}
      </th>
      <Cell row={row} value={row.theirs} />
      <Cell row={row} value={row.ours} />
    </tr>
  );
}

const CODES: readonly Side["key"][] = ["number", "tradeNo", "refundNo", "app", "seller"];

function Cell({ row, value }: { row: Side; value: Value }) {
  const t = useT("exception");
  if (value === null) return <td className="text-ink-3">{row.key === "number" || row.key === "amount" ? t("sides.none") : "–"}</td>;
  if (value instanceof Date) {
    return (
      <td className="truncate">
        <Time at={value} />
      </td>
    );
  }
  const code = CODES.includes(row.key) || /^[A-Z_]+$/.test(value);
  const shown = CODES.includes(row.key) ? cutMiddle(value) : value;
  return (
    <td className={cn("truncate pr-2", code && "code", row.differs && "underline decoration-1 underline-offset-3")}>
      <span data-tip={shown === value ? undefined : value}>{shown}</span>
    </td>
  );
}
