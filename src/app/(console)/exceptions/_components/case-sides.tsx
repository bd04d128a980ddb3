"use client";

import { SidesTable } from "~/components/sides-table";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { CaseDetail } from "./case-pane";
import { type Side, sidesOf } from "./sides";

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
  return (
    <section>
      <h3 className="pb-2 text-sm font-strong">{t("sides.title")}</h3>
      <SidesTable
        label={t("sides.label")}
        heads={[
          t("sides.field"),
          t("sides.theirs", { provider }),
          <>
            {t("sides.ours")} <span className="font-normal">{t("sides.atThatTime")}</span>
          </>,
        ]}
        rows={rows.map((row) => ({
          ...row,
          name: t(`sides.${row.key}`),
          code: CODES.includes(row.key),
          nothing: row.key === "number" || row.key === "amount" ? t("sides.none") : undefined,
        }))}
        mark={one.status === "open" ? "risk" : null}
        differs={t("sides.differs")}
      />
    </section>
  );
}

const CODES: readonly Side["key"][] = ["number", "tradeNo", "refundNo", "app", "seller"];
