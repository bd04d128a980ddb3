import { fen } from "~/lib/money";
import { scaled } from "../statement/decimal";
import { StatementError, type StatementTotals } from "../statement-port";
import type { AlipayRow } from "./statement-row";

type Kind = "payment" | "refund";
type Sum = { count: number; amount: bigint; receipt: bigint; discount: bigint };

const TITLE = { payment: "交易合计", refund: "退款合计" } as const;

/** Sums of the rows, and what the lines behind them say: `#退款合计：3笔，商家实收退款共-15.01元，商家优惠退款共0.00元`. */
export class AlipaySums {
  readonly #sums: Record<Kind, Sum> = { payment: noSum(), refund: noSum() };
  #fee = 0n;

  add({ kind, amount, receipt, discount, feeMilliFen }: AlipayRow): void {
    const sum = this.#sums[kind === "refund" ? "refund" : "payment"];
    sum.count++;
    sum.amount += amount;
    sum.receipt += receipt ?? 0n;
    sum.discount += discount;
    this.#fee += feeMilliFen;
  }

  check(kind: Kind, words: string, lineNo: number): void {
    const match = new RegExp(`^#${TITLE[kind]}[:：](\\d{1,8})笔((?:[,，][^,，]+共-?\\d{1,13}(?:\\.\\d{1,2})?元)*)$`).exec(words);
    // The file may end inside of this line.
    if (!match) throw new StatementError("cut_off", `no whole line ${TITLE[kind]}`, lineNo);
    const sum = this.#sums[kind];
    if (BigInt(match[1] ?? "") !== BigInt(sum.count))
      throw new StatementError("bad_totals", `${TITLE[kind]}: another number of rows`, lineNo);
    for (const [, what = "", text = ""] of (match[2] ?? "").matchAll(/[,，]([^,，]+)共(-?[\d.]+)元/g)) {
      const rows = what.startsWith("商家实收") ? sum.receipt : what.startsWith("商家优惠") ? sum.discount : null;
      // What other sums there may be is not told by the rows that we read.
      if (rows !== null && size(scaled(text, 2) ?? 0n) !== size(rows))
        throw new StatementError("bad_totals", `${TITLE[kind]}: ${what}`, lineNo);
    }
  }

  totals(): StatementTotals {
    const { payment, refund } = this.#sums;
    return {
      payments: payment.count,
      paidFen: fen(payment.amount),
      refunds: refund.count,
      refundedFen: fen(refund.amount),
      feeMilliFen: this.#fee,
    };
  }
}

const noSum = (): Sum => ({ count: 0, amount: 0n, receipt: 0n, discount: 0n });

/** Sums of refunds are written with a minus, ours are positive. */
const size = (value: bigint): bigint => (value < 0n ? -value : value);
