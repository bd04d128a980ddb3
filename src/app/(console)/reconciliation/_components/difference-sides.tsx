"use client";

import { SidesTable } from "~/components/sides-table";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { DifferenceRow } from "./difference-columns";
import { type SideKey, sidesOf } from "./sides";

const CODES: readonly SideKey[] = ["outTradeNo", "tradeNo", "refundNo"];
const NAMED_NOTHING: readonly SideKey[] = ["amount", "outTradeNo"];

/** The statement's words beside ours. */
export function DifferenceSides({ one }: { one: DifferenceRow }) {
  const t = useT("reconciliation");
  const lang = useLang();
  return (
    <section>
      <h3 className="pb-2 text-sm font-strong">{t("drawer.sides")}</h3>
      <SidesTable
        label={t("drawer.sidesLabel")}
        heads={[t("drawer.field"), t("drawer.theirs", { provider: PROVIDER_LABEL[lang][one.provider] }), t("drawer.ours")]}
        rows={sidesOf(one, lang).map((row) => ({
          ...row,
          name: t(`side.${row.key}`),
          code: CODES.includes(row.key),
          nothing: NAMED_NOTHING.includes(row.key) ? t("side.none") : undefined,
        }))}
        mark={one.status === "open" ? "warning" : null}
        differs={t("drawer.differs")}
      />
    </section>
  );
}
