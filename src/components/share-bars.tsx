"use client";

import type { ReactNode } from "react";
import { useT } from "~/i18n/use-t";
import { type Fen, sumFen } from "~/lib/money";
import { Money, Total } from "./money";
import { ProgressBar } from "./ui/progress-bar";

export type Share = { key: string; name: ReactNode; mark?: ReactNode; fen: Fen /** 其他: stands last, however large. */; rest?: boolean };

/** Tenths of a percent, rounded half up, without a float: 51.6%. */
export function percentText(part: Fen, whole: Fen): string {
  if (whole === 0n) return "–";
  const tenths = (part * 2000n + whole) / (whole * 2n);
  return `${tenths / 10n}.${tenths % 10n}%`;
}

/** For drawing only: how far a bar reaches. */
const reach = (part: Fen, whole: Fen): number => (whole === 0n ? 0 : Number((part * 10_000n) / whole) / 10_000);

/** Shares as horizontal bars in one colour, largest first, closed by 合计. The largest fills its track. */
export function ShareBars({ label, shares, empty }: { label: string; shares: readonly Share[]; empty: ReactNode }) {
  const t = useT("common");
  const sorted = [...shares].sort((a, b) => Number(a.rest ?? false) - Number(b.rest ?? false) || Number(b.fen - a.fen));
  const total = sumFen(sorted.map((share) => share.fen));
  const [largest = total] = sorted.map((share) => share.fen).sort((a, b) => Number(b - a));
  if (sorted.length === 0) return <p className="px-gutter pb-4 text-ink-3">{empty}</p>;
  return (
    <table aria-label={label} className="w-full border-separate border-spacing-0">
      <tbody>
        {sorted.map((share) => (
          <tr key={share.key} className="h-8">
            <th scope="row" className="w-42 max-w-42 truncate pr-3 pl-gutter text-left font-normal">
              <span className="inline-flex items-center gap-2">
                {share.mark}
                {share.name}
              </span>
            </th>
            <td className="px-3 max-md:hidden">
              <ProgressBar share={reach(share.fen, largest)} />
            </td>
            <td className="w-28 px-3 text-right">
              <Money fen={share.fen} />
            </td>
            <td className="w-18 pr-gutter pl-3 text-right text-xs text-ink-3">{percentText(share.fen, total)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="h-[34px] font-strong">
          <th scope="row" className="border-t border-line-strong pl-gutter text-left font-strong">
            {t("total")}
          </th>
          <td className="border-t border-line-strong max-md:hidden" />
          <td className="border-t border-line-strong px-3 text-right">
            <Total>
              <Money fen={total} />
            </Total>
          </td>
          <td className="border-t border-line-strong" />
        </tr>
      </tfoot>
    </table>
  );
}
