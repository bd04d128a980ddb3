import { type Fen, yuanText, ZERO_FEN } from "~/lib/money";
import { beijingText } from "~/lib/time";
import { FEE_RATE, type StatementRow } from "../../statement/row";

export const BILL_TYPES = ["ALL", "SUCCESS", "REFUND"] as const;
export type BillType = (typeof BILL_TYPES)[number];

type Owner = { mchid: string; appid: string };
type Column = readonly [name: string, cell: (row: StatementRow, owner: Owner) => string];

const whenPaid = (row: StatementRow, amount: Fen): string => yuanText(row.kind === "payment" ? amount : ZERO_FEN);
const whenRefunded = (row: StatementRow): string => yuanText(row.kind === "refund" ? row.amount : ZERO_FEN);

/** Before the columns about a refund. */
const FIRST: readonly Column[] = [
  ["交易时间", (row) => beijingText(row.at)],
  ["公众账号ID", (_, { appid }) => appid],
  ["商户号", (_, { mchid }) => mchid],
  ["特约商户号", () => "0"],
  ["设备号", (row) => row.deviceId],
  ["微信订单号", (row) => row.tradeNo],
  ["商户订单号", (row) => row.outTradeNo],
  ["用户标识", (row) => row.buyer],
  ["交易类型", (row) => row.tradeType],
  ["交易状态", (row) => (row.isRevoked ? "REVOKED" : row.kind === "refund" ? "REFUND" : "SUCCESS")],
  ["付款银行", () => "OTHERS"],
  ["货币种类", () => "CNY"],
  // The simulator's discounts are paid by the platform: nothing is taken off what the merchant is owed.
  ["应结订单金额", (row) => whenPaid(row, row.amount)],
  ["代金券金额", (row) => whenPaid(row, row.coupon)],
];
const REFUND_TIMES: readonly Column[] = [
  ["退款申请时间", (row) => beijingText(row.at)],
  ["退款成功时间", (row) => (row.refund?.endedAt ? beijingText(row.refund.endedAt) : "")],
];
const REFUND: readonly Column[] = [
  ["微信退款单号", (row) => row.refund?.number ?? "0"],
  ["商户退款单号", (row) => row.refund?.requestNo ?? "0"],
  ["退款金额", whenRefunded],
  ["充值券退款金额", () => "0.00"],
  ["退款类型", (row) => (row.refund ? "ORIGINAL" : "")],
  ["退款状态", (row) => row.refund?.status ?? ""],
];
const LAST: readonly Column[] = [
  ["商品名称", (row) => oneLine(row.subject)],
  ["商户数据包", (row) => oneLine(row.remark)],
  ["手续费", wechatFee],
  ["费率", () => FEE_RATE],
  ["订单金额", (row) => whenPaid(row, row.amount)],
];
const ASKED: readonly Column[] = [["申请退款金额", whenRefunded]];
const NOTE: readonly Column[] = [["费率备注", () => ""]];

export const COLUMNS: Record<BillType, readonly Column[]> = {
  ALL: [...FIRST, ...REFUND, ...LAST, ...ASKED, ...NOTE],
  SUCCESS: [...FIRST, ...LAST, ...NOTE],
  REFUND: [...FIRST, ...REFUND_TIMES, ...REFUND, ...LAST, ...ASKED, ...NOTE],
};

/** Five decimals; given back with a refund, and then negative. */
export function wechatFee(row: StatementRow): string {
  return `${row.kind === "refund" && row.fee > 0n ? "-" : ""}${yuanText(row.fee)}000`;
}

/** Line breaks become two visible characters each, as WeChat Pay writes them. */
const oneLine = (text: string): string => text.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
