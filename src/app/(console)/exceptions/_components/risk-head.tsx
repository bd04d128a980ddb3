"use client";

import Link from "next/link";
import { Money } from "~/components/money";
import { Age } from "~/components/ui/time";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";

/** The total at risk, closed by the double line, and by kind. On a normal day one quiet line and no plum. */
export function RiskHead() {
  const t = useT("exception");
  const lang = useLang();
  const { data: sum } = api.exception.sum.useQuery();
  if (!sum) return null;
  if (sum.count === 0) {
    return (
      <p className="border-t border-line px-gutter py-2.5">
        {t("sum.none")} <span className="text-ink-3">· {t("sum.noneNote")}</span>
      </p>
    );
  }
  return (
    <section
      aria-label={t("sum.label")}
      className="grid grid-cols-[264px_minmax(0,1fr)] border-t border-risk-line max-lg:grid-cols-[200px_minmax(0,1fr)] max-md:grid-cols-1"
    >
      <div className="grid justify-items-start gap-1 bg-risk-soft px-gutter py-3.5">
        <span className="movement" data-movement="unknown">
          {t("sum.label")}
        </span>
        <span className="figure double-rule border-risk text-2xl">
          <Money fen={sum.totalFen} yen tone="risk" />
        </span>
        <span className="pt-1 text-xs text-ink-2">{t("sum.count", { count: sum.count, owned: sum.owned })}</span>
      </div>
      <ul className="grid auto-cols-[minmax(132px,1fr)] grid-flow-col overflow-x-auto max-md:grid-flow-row max-md:grid-cols-2">
        {sum.kinds.map((one) => (
          <li key={one.kind} className="border-l border-line first:border-l-0 max-md:border-t max-md:odd:border-l-0">
            <Link
              href={paths.exceptions({ kind: one.kind })}
              prefetch={false}
              className="grid h-full content-start gap-0.5 px-4 py-3.5 -outline-offset-2 hover:bg-hover max-md:px-gutter"
            >
              <span className="truncate text-ink-2">
                {CASE_KIND_LABEL[lang][one.kind]}
                <span className="text-ink-3"> · {t("sum.kindCount", { count: one.count })}</span>
              </span>
              <span className="text-lg leading-8 font-strong">
                <Money fen={one.totalFen} />
              </span>
              <span className="truncate text-xs text-ink-3">
                {t.rich("sum.oldest", { age: () => <Age since={one.oldestAt} /> })} ·{" "}
                {one.owned > 0 ? t("sum.owned", { owned: one.owned }) : t("sum.unassigned")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
