import { fen, fenFromYuan, yuanText } from "~/lib/money";
import type { StatementChange, StatementRowView } from "../../control/types";

/** Differences that one click on a row plants. */
export const ROW_CHANGES = ["missing", "amount", "duplicate", "next_day"] as const;
export type RowChange = (typeof ROW_CHANGES)[number];

/** What a statement writes with a sign stands without one in a change. */
export const unsigned = (yuan: string): string => yuan.replace(/^-/, "");

/** The change that a click asks for; an amount is then off by one fen. */
export function changeOf(kind: RowChange, row: StatementRowView): StatementChange {
  const name = { outTradeNo: row.outTradeNo, ...(row.refundNo === null ? {} : { refundNo: row.refundNo }) };
  if (kind !== "amount") return { kind, ...name };
  return { kind, ...name, amount: yuanText(fen(fenFromYuan(unsigned(row.amount)) + 1n)) };
}
