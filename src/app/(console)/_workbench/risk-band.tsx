"use client";

import Link from "next/link";
import { Money } from "~/components/money";
import { Age } from "~/components/ui/time";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { WorkbenchData } from "./workbench";

/** Money whose place is not certain: in all, and by kind. On a normal day one quiet line and no plum. */
export function RiskBand({ risk }: { risk: WorkbenchData["risk"] }) {
  const t = useT("dashboard");
  const lang = useLang();
  if (risk.count === 0) {
    return (
      <p className="border-t border-line px-gutter py-2.5">
        {t("risk.none")} <span className="text-ink-3">· {t("risk.noneNote")}</span>
      </p>
    );
  }
  return (
    <section aria-label={t("risk.label")} className="grid grid-cols-[264px_minmax(0,1fr)] border-t border-risk-line max-lg:grid-cols-1">
      <Link href={paths.exceptions()} prefetch={false} className="grid gap-0.5 bg-risk-soft px-gutter py-3.5">
        <span className="movement" data-movement="unknown">
          {t("risk.label")}
        </span>
        <span className="figure text-2xl">
          <Money fen={risk.totalFen} yen tone="risk" />
        </span>
        <span className="text-xs text-ink-2">{t("risk.count", { count: risk.count, owned: risk.owned })}</span>
      </Link>
      <ul className="grid auto-cols-fr grid-flow-col max-lg:grid-flow-row max-lg:grid-cols-2">
        {risk.kinds.map((one) => (
          <li key={one.kind} className="border-l border-line first:border-l-0 max-lg:border-t max-lg:odd:border-l-0">
            <Link
              href={paths.exceptions({ kind: one.kind })}
              prefetch={false}
              className="grid h-full content-start gap-0.5 px-4 py-3.5 hover:bg-hover max-lg:px-gutter"
            >
              <span className="truncate text-ink-2">
                {CASE_KIND_LABEL[lang][one.kind]}
                <span className="text-ink-3"> · {t("risk.kindCount", { count: one.count })}</span>
              </span>
              <span className="text-lg leading-8 font-strong">
                <Money fen={one.totalFen} />
              </span>
              <span className="text-xs text-ink-3">
                {t("risk.oldest")} <Age since={one.oldestAt} /> ·{" "}
                {one.owned > 0 ? t("risk.owned", { owned: one.owned }) : t("risk.unassigned")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
