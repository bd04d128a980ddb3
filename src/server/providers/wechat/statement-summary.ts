import { decimalsOf, scaled } from "../statement/decimal";
import { StatementError } from "../statement-port";
import { type ColumnSums, FEE } from "./statement-row";

const COUNT = "总交易单数";
const FEE_TOTAL = "手续费总金额";

/** Each sum with the columns it may be of: the newer name first, then the older one. */
const SUM_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ["应结订单总金额", ["应结订单金额", "总金额"]],
  ["订单总金额", ["订单金额", "总金额"]],
  ["退款总金额", ["退款金额"]],
  ["充值券退款总金额", ["充值券退款金额", "企业红包退款金额"]],
  ["申请退款总金额", ["申请退款金额", "退款金额"]],
  ["总交易额", ["总金额", "订单金额"]],
  ["总退款金额", ["退款金额"]],
  ["总企业红包退款金额", ["企业红包退款金额", "充值券退款金额"]],
]);

/** One of these must be there: a summary that says nothing of the orders proves nothing. */
const ORDER_TOTALS = ["订单总金额", "总交易额", "应结订单总金额"];

/** Compares the file's own sums with its rows. Throws `bad_totals`, and `cut_off` when a sum is missing. */
export function checkSummary(
  names: readonly string[],
  values: readonly string[],
  { rows, sums, lineNo }: { rows: number; sums: ColumnSums; lineNo: number },
): void {
  const said = new Map(names.map((name, place) => [name, values[place] ?? ""]));
  if (!said.has(COUNT) || !said.has(FEE_TOTAL) || !ORDER_TOTALS.some((name) => said.has(name))) {
    throw new StatementError("cut_off", "a sum is missing", lineNo);
  }
  const wrong = [...said].find(([name, text]) => !holds(name, text, rows, sums));
  if (wrong) throw new StatementError("bad_totals", wrong[0].slice(0, 20), lineNo);
}

function holds(name: string, text: string, rows: number, sums: ColumnSums): boolean {
  // "45.0"
  if (name === COUNT) return scaled(text, 0) === BigInt(rows);
  if (name === FEE_TOTAL) return feeHolds(text, sums.of([FEE]) ?? 0n);
  const columns = SUM_OF.get(name);
  // A sum that we do not know is of something that we do not read. One without a column says that there was none: SUCCESS
  // statements are summed up like all others.
  return columns === undefined || scaled(text, 2) === (sums.of(columns) ?? 0n);
}

/** Half of a fen, in hundred-thousandths of a yuan. */
const HALF_FEN = 500n;

/** Fees have five decimals, their total two or five. */
function feeHolds(text: string, sum: bigint): boolean {
  const total = scaled(text, 5);
  if (total === null) return false;
  const off = total < sum ? sum - total : total - sum;
  return off <= (decimalsOf(text) <= 2 ? HALF_FEN : 0n);
}
