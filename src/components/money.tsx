"use client";

import type { ReactNode } from "react";
import { useT } from "~/i18n/use-t";
import { type Fen, yuanDisplay } from "~/lib/money";

type MoneyProps = {
  fen: Fen;
  /** ¥ before the figure: in heads, sentences' figures and checkout, never in table cells. */
  yen?: boolean;
  /** `plus` writes + before inflow (ledgers only); `minus` shows an outflow kept as a positive amount. */
  sign?: "plus" | "minus";
  tone?: "risk" | "quiet";
};

/** An amount: separators, two decimals, what follows the point in grey. Zero steps back as a whole. */
export function Money({ fen, yen, sign, tone }: MoneyProps) {
  const t = useT("common");
  const shown = sign === "minus" && fen > 0n ? (-fen as Fen) : fen;
  const text = yuanDisplay(shown);
  const [whole = "", cents = "00"] = text.split(".");
  const negative = shown < 0n;
  const figure = (
    <>
      {negative && "−"}
      {sign === "plus" && shown > 0n && "+"}
      {yen && <b>¥</b>}
      {negative ? whole.slice(1) : whole}
      <i>.{cents}</i>
    </>
  );
  return (
    <span className="money" data-tone={tone ?? (shown === 0n ? "quiet" : undefined)}>
      {negative ? (
        <>
          <span aria-hidden className="contents">
            {figure}
          </span>
          <span className="sr-only">{t("negative", { amount: text.slice(1) })}</span>
        </>
      ) : (
        figure
      )}
    </span>
  );
}

/** A total closed by the double line. */
export function Total({ children }: { children: ReactNode }) {
  return <span className="double-rule">{children}</span>;
}
