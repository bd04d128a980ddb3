import { type Fen, fen, sumFen, yuanText, ZERO_FEN } from "~/lib/money";
import { addDays, beijingText, type CivilDate } from "~/lib/time";
import { encodeGbk } from "../../crypto/gbk";
import type { Twist } from "../../faults/strike";
import { writeZip } from "../../http/zip";
import { maybeUnfinished } from "../../statement/faults";
import type { StatementRow } from "../../statement/row";

/** The account's number in names and headings: the PID and Alipay's suffix for its balance. */
const ACCOUNT_SUFFIX = "0156";

const DETAIL_COLUMNS =
  "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMMARY_COLUMNS =
  "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";
const DASHES = "-".repeat(41);
const BREAK = "\r\n";

export type AlipayBill = { sellerId: string; day: CivilDate; rows: readonly StatementRow[]; writtenAt: Date; twist: Twist | null };

/** The archive that a link gives: the day's rows, and their sums by shop. */
export function alipayBillZip(bill: AlipayBill): Buffer {
  const stem = `${bill.sellerId}${ACCOUNT_SUFFIX}_${bill.day.replaceAll("-", "")}`;
  const entry = (name: string, lines: string[]) => ({
    name: encodeGbk(name),
    bytes: encodeGbk(lines.map((line) => line + BREAK).join("")),
  });
  return writeZip(
    [
      entry(`${stem}_业务明细.csv`, maybeUnfinished(detailLines(bill), bill.twist)),
      entry(`${stem}_业务明细(汇总).csv`, summaryLines(bill)),
    ],
    beijingText(bill.writtenAt),
  );
}

const headLines = (bill: AlipayBill, title: string): string[] => [
  `#支付宝业务${title}查询`,
  `#账号：[${bill.sellerId}${ACCOUNT_SUFFIX}]`,
  `#起始日期：[${asChinese(`${bill.day} 00:00:00`)}]   终止日期：[${asChinese(`${addDays(bill.day, 1)} 00:00:00`)}]`,
  `#${DASHES}业务${title}列表${"-".repeat(40)}`,
];
const endLine = (title: string) => `#${DASHES}业务${title}列表结束${"-".repeat(36)}`;
const exportLine = (bill: AlipayBill) => `#导出时间：[${asChinese(beijingText(bill.writtenAt))}]`;

/** "2026-03-04 00:00:00" as Alipay's headings write it: 2026年03月04日 00:00:00. */
const asChinese = (text: string): string => text.replace(/^(\d{4})-(\d{2})-(\d{2})/, "$1年$2月$3日");

function detailLines(bill: AlipayBill): string[] {
  const { payments, refunds } = sumsOf(bill);
  return [
    ...headLines(bill, "明细"),
    DETAIL_COLUMNS,
    ...bill.rows.map(detailLine),
    endLine("明细"),
    `#交易合计：${payments.count}笔，商家实收共${yuanText(payments.amount)}元，商家优惠共0.00元`,
    `#退款合计：${refunds.count}笔，商家实收退款共${yuanText(refunds.amount)}元，商家优惠退款共0.00元`,
    exportLine(bill),
  ];
}

/**
 * Cells of text end in a tab, so that a spreadsheet leaves long numbers alone. The simulator's discounts are paid by the platform:
 * the merchant receives the whole order. A title is written as it is, a comma in it too: how Alipay would quote it is not known.
 */
function detailLine(row: StatementRow): string {
  const amount = yuanText(signed(row));
  return [
    tabbed(row.tradeNo),
    tabbed(row.outTradeNo),
    tabbed(row.kind === "refund" ? "退款" : "交易"),
    tabbed(row.subject),
    tabbed(beijingText(row.createdAt)),
    tabbed(beijingText(row.at)),
    ...["", "", "", ""].map(tabbed),
    tabbed(row.buyer),
    amount,
    amount,
    "0.00",
    "0.00",
    yuanText(row.coupon),
    "0.00",
    "0.00",
    tabbed(""),
    "0.00",
    "0.00",
    tabbed(row.refund?.requestNo ?? ""),
    yuanText(alipayFee(row)),
    "0.00",
    tabbed(row.remark),
  ].join(",");
}

/** One line per row whatever a title holds. */
const tabbed = (text: string): string => `${text.replace(/[\r\n\t]+/g, " ")}\t`;

/** Money that leaves the merchant is negative: refunds, and the fee. */
export const signed = (row: StatementRow): Fen => (row.kind === "refund" ? fen(-row.amount) : row.amount);
export const alipayFee = (row: StatementRow): Fen => fen(-row.fee);

/** The simulator's trades have no shop, so the sums of all of them are the only line. */
function summaryLines(bill: AlipayBill): string[] {
  const { payments, refunds, coupon, fee } = sumsOf(bill);
  const received = fen(payments.amount + refunds.amount);
  const total = [
    tabbed("合计"),
    tabbed(""),
    String(payments.count),
    String(refunds.count),
    yuanText(received),
    yuanText(received),
    yuanText(coupon),
    "0.00",
    "0.00",
    yuanText(fee),
    "0.00",
    yuanText(fen(received + fee)),
  ].join(",");
  return [...headLines(bill, "汇总"), SUMMARY_COLUMNS, total, endLine("汇总"), exportLine(bill)];
}

/** Sums of the rows as they are written; the fault of wrong totals adds a payment of one fen that has no row. */
function sumsOf({ rows, twist }: AlipayBill) {
  const of = (kind: StatementRow["kind"]) => {
    const own = rows.filter((row) => row.kind === kind);
    return { count: own.length, amount: sumFen(own.map(signed)) };
  };
  const payments = of("payment");
  if (twist === "statement_bad_totals") Object.assign(payments, { count: payments.count + 1, amount: fen(payments.amount + 1n) });
  return {
    payments,
    refunds: of("refund"),
    coupon: sumFen(rows.map((row) => row.coupon)),
    fee: rows.length === 0 ? ZERO_FEN : sumFen(rows.map(alipayFee)),
  };
}
