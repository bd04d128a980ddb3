import { type Fen, fen, sumFen, yuanText } from "~/lib/money";
import type { Twist } from "../../faults/strike";
import type { WechatAccount } from "../../state";
import { maybeUnfinished } from "../../statement/faults";
import type { StatementRow } from "../../statement/row";
import { type BillType, COLUMNS } from "./columns";

const MARK = "\uFEFF";
const BREAK = "\r\n";

/** Which rows a kind of bill has. A payment that was taken back is in the whole one alone. */
export function rowsOfType(rows: readonly StatementRow[], type: BillType): StatementRow[] {
  if (type === "ALL") return [...rows];
  return rows.filter((row) => !row.isRevoked && row.kind === (type === "SUCCESS" ? "payment" : "refund"));
}

/** The file, unpacked: names, a line for each row, the names of the sums, the sums. Before each value stands a backtick. */
export function wechatBillFile(account: WechatAccount, type: BillType, rows: readonly StatementRow[], twist: Twist | null): Buffer {
  const columns = COLUMNS[type];
  const sums = sumsOf(type, rows, twist);
  const lines = [
    columns.map(([name]) => name).join(","),
    ...rows.map((row) => values(columns.map(([, cell]) => cell(row, account)))),
    sums.map(([name]) => name).join(","),
    values(sums.map(([, value]) => value)),
  ];
  return Buffer.from(
    MARK +
      maybeUnfinished(lines, twist)
        .map((line) => line + BREAK)
        .join(""),
  );
}

const values = (cells: readonly string[]): string => cells.map((cell) => `\`${cell}`).join(",");

/** Sums of the rows as they are written; the fault of wrong totals adds an order of one fen that has no row. */
function sumsOf(type: BillType, rows: readonly StatementRow[], twist: Twist | null): [name: string, value: string][] {
  const more = twist === "statement_bad_totals" ? 1n : 0n;
  const sum = (kind: StatementRow["kind"], part: "amount" | "fee") =>
    sumFen(rows.filter((row) => row.kind === kind).map((row) => row[part]));
  const paid = number(fen(sum("payment", "amount") + more));
  const refunded = number(sum("refund", "amount"));
  const count: [string, string] = ["总交易单数", `${BigInt(rows.length) + more}.0`];
  const fee: [string, string] = ["手续费总金额", number(fen(sum("payment", "fee") - sum("refund", "fee")))];
  if (type === "SUCCESS") return [count, ["应结订单总金额", paid], fee, ["订单总金额", paid]];
  return [
    count,
    ["应结订单总金额", paid],
    ["退款总金额", refunded],
    ["充值券退款总金额", "0.0"],
    fee,
    ["订单总金额", paid],
    ["申请退款总金额", refunded],
  ];
}

/** Sums come out of a floating-point printer: 45.0, 0.0, 19.9, 19.99. */
const number = (amount: Fen): string => yuanText(amount).replace(/0$/, "");
