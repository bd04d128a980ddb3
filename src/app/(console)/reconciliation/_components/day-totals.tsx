"use client";

import type { ReactNode } from "react";
import { Money, Total } from "~/components/money";
import { feeInFen } from "~/domain/reconciliation";
import { useT } from "~/i18n/use-t";
import { type Fen, fen } from "~/lib/money";
import type { DayDetail } from "./day-page";

/** Both sides' totals, closed by what is between them. Our books hold no refunds and no fees of the provider. */
export function DayTotals({ detail: { day } }: { detail: DayDetail }) {
  const t = useT("reconciliation");
  const { theirPaidFen, ourPaidFen } = day;
  if (theirPaidFen === null || ourPaidFen === null) {
    return <p className="px-gutter pb-4 text-md text-ink-2">{t("totals.none")}</p>;
  }
  const gap = fen(theirPaidFen - ourPaidFen);
  const settled = day.status === "balanced" || day.status === "locked";
  return (
    <div className="overflow-x-auto pb-5">
      <table aria-label={t("totals.label")} className="w-full border-separate border-spacing-0">
        <thead>
          <tr className="text-xs text-ink-3 [&>th]:h-9 [&>th]:border-y [&>th]:border-line-strong [&>th]:px-3 [&>th]:text-right [&>th]:font-medium max-md:[&>th]:px-2">
            <th scope="col" className="pl-gutter! text-left!">
              {t("totals.item")}
            </th>
            <th scope="col">
              {t("totals.theirs")} <Unit />
            </th>
            <th scope="col" className="pr-gutter!">
              {t("totals.ours")} <Unit />
            </th>
          </tr>
        </thead>
        <tbody>
          <Row
            name={t("totals.payments")}
            theirs={<Sum count={day.theirPayments} sum={theirPaidFen} />}
            ours={<Sum count={day.ourPayments} sum={ourPaidFen} />}
          />
          {Boolean(day.otherDayPayments) && day.otherDayFen !== null && (
            <Row name={t("totals.otherDay")} sub theirs={<Sum count={day.otherDayPayments} sum={day.otherDayFen} />} ours={<None />} />
          )}
          <Row
            name={t("totals.refunds")}
            theirs={day.theirRefundedFen === null ? <None /> : <Sum count={day.theirRefunds} sum={day.theirRefundedFen} />}
            ours={<None />}
          />
          <Row
            name={t("totals.fees")}
            theirs={day.theirFee === null ? <None /> : <Money fen={feeInFen(day.theirFee)} />}
            ours={<None />}
            last
          />
        </tbody>
        <tfoot>
          <tr className="[&>*]:h-12 [&>*]:border-t [&>*]:border-ink">
            <th scope="row" className="pr-3 pl-gutter text-left font-strong">
              {t("totals.sum")} <span className="text-xs font-normal text-ink-3">{t("totals.sumNote")}</span>
            </th>
            <td colSpan={2} className="pr-gutter text-right font-strong">
              <Total>
                <Money fen={gap} sign="plus" />
              </Total>
            </td>
          </tr>
        </tfoot>
      </table>
      {settled && gap !== 0n && <p className="px-gutter pt-2 text-xs text-ink-3">{t("totals.balancedGap")}</p>}
    </div>
  );
}

function Unit() {
  const common = useT("common");
  return <small className="text-xs font-normal">{common("yuan")}</small>;
}

function Row({ name, theirs, ours, sub, last }: { name: string; theirs: ReactNode; ours: ReactNode; sub?: boolean; last?: boolean }) {
  return (
    <tr className={last ? "[&>*]:h-10" : "[&>*]:h-10 [&>*]:border-b [&>*]:border-line"}>
      <th scope="row" className={sub ? "pr-3 pl-10 text-left font-normal text-ink-3" : "pr-3 pl-gutter text-left font-normal"}>
        {name}
      </th>
      <td className="px-3 text-right whitespace-nowrap max-md:px-2">{theirs}</td>
      <td className="pr-gutter pl-3 text-right whitespace-nowrap max-md:pl-2">{ours}</td>
    </tr>
  );
}

/** 12 笔 3,400.00 */
function Sum({ count, sum }: { count: number | null; sum: Fen }) {
  const t = useT("reconciliation");
  return (
    <>
      {count !== null && <span className="mr-3 text-xs text-ink-3 max-md:mr-0 max-md:block">{t("totals.count", { count })}</span>}
      <Money fen={sum} />
    </>
  );
}

const None = () => <span className="text-ink-3">–</span>;
