import { fen } from "~/lib/money";
import type { Columns } from "../statement/columns";
import { scaled } from "../statement/decimal";
import { trimmed } from "../statement/lines";
import type { StatementLine } from "../statement-port";
import { PROVIDER_NO } from "./fields";

/** A row with its time still as text, whose it is, and each amount column by its place, for the sums. */
export type WechatRow = Omit<StatementLine, "lineNo" | "at"> & { time: string; mchid: string };

/** The cells of a record: every one is preceded by a backtick. Plain commas stand in titles; nothing is quoted. */
export const cellsOf = (text: string): string[] => text.slice(1).split(",`").map(trimmed);

/** Fees have five decimals, all other amounts two. */
export const FEE = "手续费";
const FEE_PLACES = 5;
const AMOUNTS = [
  "应结订单金额",
  "代金券金额",
  "总金额",
  "企业红包金额",
  "订单金额",
  "退款金额",
  "充值券退款金额",
  "企业红包退款金额",
  "申请退款金额",
];

/** Sums of each amount column that the file has, in the smallest unit of the column. */
export class ColumnSums {
  readonly #sums = new Map<string, bigint>();
  readonly #places: { name: string; place: number; decimals: number }[] = [];

  constructor(columns: Columns) {
    for (const name of [...AMOUNTS, FEE]) {
      const place = columns.find(name);
      if (place === null) continue;
      this.#places.push({ name, place, decimals: name === FEE ? FEE_PLACES : 2 });
      this.#sums.set(name, 0n);
    }
  }

  /** False when one of the cells is no amount. */
  add(cells: readonly string[]): boolean {
    for (const { name, place, decimals } of this.#places) {
      const value = scaled(cells[place] ?? "", decimals);
      if (value === null) return false;
      if (value !== 0n) this.#sums.set(name, (this.#sums.get(name) ?? 0n) + value);
    }
    return true;
  }

  /** The sum of the first of these columns that there is; null without any. */
  of(names: readonly string[]): bigint | null {
    for (const name of names) {
      const sum = this.#sums.get(name);
      if (sum !== undefined) return sum;
    }
    return null;
  }
}

/** Reads the cells of rows of a file with these columns, of whichever layout. Answers null for a row that makes no sense. */
export function wechatRows(columns: Columns): (cells: readonly string[]) => WechatRow | null {
  const at = placesOf(columns);
  return (cells) => {
    const cell = (place: number | null): string => (place === null ? "" : (cells[place] ?? ""));
    const kind = KINDS.get(cell(at.state));
    const total = scaled(cell(at.total), 2);
    const refunded = at.refunded === null ? 0n : scaled(cell(at.refunded), 2);
    const fee = scaled(cell(at.fee), FEE_PLACES);
    const providerTradeNo = cell(at.providerTradeNo);
    const outTradeNo = cell(at.outTradeNo);
    if (!kind || total === null || refunded === null || fee === null || cell(at.currency) !== "CNY") return null;
    if (!PROVIDER_NO.test(providerTradeNo) || !OUT_NO.test(outTradeNo)) return null;

    // An order that was taken back by its bar code has a refund or not, as the file writes it.
    const amount = kind === "refund" || (kind === "revoked" && refunded !== 0n) ? refunded : total;
    const receipt = at.receipt === null ? null : scaled(cell(kind === "refund" ? at.returned : at.receipt), 2);
    if (amount < 0n || (receipt !== null && receipt < 0n)) return null;
    const outRefundNo = absentOr(cell(at.outRefundNo));
    const providerRefundNo = absentOr(cell(at.providerRefundNo));
    if (kind === "refund" && !(outRefundNo && OUT_NO.test(outRefundNo) && providerRefundNo && PROVIDER_NO.test(providerRefundNo)))
      return null;
    return {
      kind,
      outTradeNo,
      providerTradeNo,
      outRefundNo: kind === "payment" ? null : outRefundNo,
      providerRefundNo: kind === "payment" ? null : providerRefundNo,
      amount: fen(amount),
      receipt: receipt === null ? null : fen(receipt),
      feeMilliFen: fee,
      rateText: cell(at.rate) || null,
      providerState: (kind === "refund" && cell(at.refundState)) || cell(at.state),
      time: cell(at.time),
      mchid: cell(at.mchid),
    };
  };
}

const KINDS: ReadonlyMap<string, StatementLine["kind"]> = new Map([
  ["SUCCESS", "payment"],
  ["REFUND", "refund"],
  ["REVOKED", "revoked"],
]);

/** Numbers that merchants choose. Other systems of the same merchant may take more liberties than we. */
const OUT_NO = /^[\x21-\x7e]{1,64}$/;

/** Payment rows write `0` where a refund would have a number. */
const absentOr = (text: string): string | null => (text === "" || text === "0" ? null : text);

/** Few merchants still get the older names. */
function placesOf(columns: Columns) {
  const hasRefunds = columns.find("商户退款单号") !== null;
  const ofRefunds = (...names: string[]) => (hasRefunds ? columns.get(...names) : null);
  return {
    time: columns.get("交易时间"),
    mchid: columns.get("商户号"),
    providerTradeNo: columns.get("微信订单号"),
    outTradeNo: columns.get("商户订单号"),
    state: columns.get("交易状态"),
    currency: columns.get("货币种类"),
    total: columns.get("订单金额", "总金额"),
    receipt: columns.find("应结订单金额"),
    fee: columns.get(FEE),
    rate: columns.get("费率"),
    outRefundNo: ofRefunds("商户退款单号"),
    providerRefundNo: ofRefunds("微信退款单号"),
    refunded: ofRefunds("申请退款金额", "退款金额"),
    returned: ofRefunds("退款金额"),
    refundState: ofRefunds("退款状态"),
  };
}
