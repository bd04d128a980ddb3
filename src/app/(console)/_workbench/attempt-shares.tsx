"use client";

import { MethodName } from "~/components/provider-name";
import { ProgressBar } from "~/components/ui/progress-bar";
import { useT } from "~/i18n/use-t";
import { percentOf } from "./change";
import type { WorkbenchData } from "./workbench";

type Row = { paid: number; attempts: number };

/** An attempt may be paid in the period after the one in which it was made, so a rate never shows more than all. */
const rate = ({ paid, attempts }: Row): number => (attempts === 0 ? 0 : Math.min(1_000, Math.round((paid * 1_000) / attempts)));

/** How often buyers begin with each method, and how often it ends in money. */
export function AttemptShares({ data: { methods, range } }: { data: WorkbenchData }) {
  const t = useT("dashboard");
  const title = t(`share.attempts.${range}`);
  const rows = methods
    .filter(({ attempts }) => attempts > 0)
    .map(({ method, paidCount, attempts }) => ({ method, paid: paidCount, attempts }))
    .sort((a, b) => b.attempts - a.attempts);
  const total = rows.reduce<Row>((sum, row) => ({ paid: sum.paid + row.paid, attempts: sum.attempts + row.attempts }), {
    paid: 0,
    attempts: 0,
  });
  return (
    <section aria-label={title} className="min-w-0 border-l border-line pb-4 max-lg:border-t max-lg:border-l-0">
      <div className="flex h-11 items-center gap-3 px-gutter">
        <h2 className="text-sm font-strong">{title}</h2>
        <span className="grow" />
        <span className="text-xs text-ink-3">{t("share.paidOf")}</span>
      </div>
      {rows.length === 0 ? (
        <p className="px-gutter pb-4 text-ink-3">{t("share.attemptsEmpty")}</p>
      ) : (
        <table aria-label={title} className="w-full border-separate border-spacing-0">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("share.method")}</th>
              <td />
              <th scope="col">{t("share.paidOf")}</th>
              <th scope="col">{t("share.rate")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.method} className="h-8">
                <th scope="row" className="w-42 max-w-42 truncate pr-3 pl-gutter text-left font-normal">
                  <MethodName method={row.method} />
                </th>
                <td className="px-3 max-md:hidden">
                  <ProgressBar share={rate(row) / 1_000} />
                </td>
                <Counts row={row} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="h-[34px] font-strong [&>*]:border-t [&>*]:border-line-strong">
              <th scope="row" className="pl-gutter text-left font-strong">
                {t("share.rate")}
              </th>
              <td className="max-md:hidden" />
              <Counts row={total} closed />
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}

function Counts({ row, closed }: { row: Row; closed?: boolean }) {
  const shown = (count: number) => count.toLocaleString("en-US");
  const figure = `${shown(row.paid)} / ${shown(row.attempts)}`;
  return (
    <>
      <td className="w-28 px-3 text-right whitespace-nowrap">{closed ? <span className="double-rule">{figure}</span> : figure}</td>
      <td className="w-18 pr-gutter pl-3 text-right text-xs font-normal text-ink-3">{percentOf(rate(row))}%</td>
    </>
  );
}
