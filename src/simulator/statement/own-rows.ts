import { ZERO_FEN } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import type { AlipayTrade, WechatOrder, WechatRefund } from "../state";
import { orderKey } from "../wechat/order";
import type { World } from "../world";
import { feeOf, isOfDay, type Merchant, madeAt, type StatementRow } from "./row";

/** What really happened on a day: orders paid in it, whatever became of them, and refunds begun in it. Oldest first. */
export function ownRows(world: World, merchant: Merchant, day: CivilDate): StatementRow[] {
  const rows = merchant.provider === "alipay" ? alipayRows(world, merchant.number, day) : wechatRows(world, merchant.number, day);
  return rows.sort(byTime);
}

export const byTime = (a: StatementRow, b: StatementRow): number => a.at.getTime() - b.at.getTime();

function alipayRows(world: World, sellerId: string, day: CivilDate): StatementRow[] {
  const rows: StatementRow[] = [];
  for (const trade of world.state.alipay.trades.values()) {
    if (trade.sellerId !== sellerId) continue;
    if (isOfDay(trade.paidAt, day)) rows.push(alipayPayment(trade, trade.paidAt));
    for (const refund of trade.refunds) {
      if (!isOfDay(refund.at, day)) continue;
      rows.push({
        ...alipayPayment(trade, refund.at),
        kind: "refund",
        refund: { requestNo: refund.outRequestNo, number: "", status: "SUCCESS", endedAt: refund.at },
        amount: refund.amount,
        coupon: ZERO_FEN,
        // Alipay keeps its fee when the money goes back.
        fee: ZERO_FEN,
        createdAt: refund.at,
        remark: refund.reason ?? "",
      });
    }
  }
  return rows;
}

const alipayPayment = (trade: AlipayTrade, at: Date): StatementRow => ({
  kind: "payment",
  isRevoked: false,
  outTradeNo: trade.outTradeNo,
  tradeNo: trade.tradeNo ?? "",
  refund: null,
  amount: trade.amount,
  coupon: trade.coupon,
  fee: feeOf(trade.amount),
  createdAt: trade.createdAt,
  at,
  subject: trade.subject,
  remark: trade.body ?? "",
  buyer: trade.buyerLogonId ?? "",
  tradeType: "",
  deviceId: "",
  planted: null,
});

function wechatRows(world: World, mchid: string, day: CivilDate): StatementRow[] {
  const { orders, refunds } = world.state.wechat;
  const rows: StatementRow[] = [];
  for (const order of orders.values()) {
    if (order.mchid === mchid && isOfDay(order.paidAt, day)) rows.push(wechatPayment(order, order.paidAt));
  }
  for (const refund of refunds.values()) {
    const order = refund.mchid === mchid && isOfDay(refund.createdAt, day) ? orders.get(orderKey(refund)) : undefined;
    if (order) rows.push(wechatRefund(order, refund, day));
  }
  return rows;
}

const wechatPayment = (order: WechatOrder, at: Date): StatementRow => ({
  kind: "payment",
  isRevoked: false,
  outTradeNo: order.outTradeNo,
  tradeNo: order.transactionId ?? "",
  refund: null,
  amount: order.amount,
  coupon: order.coupon,
  fee: feeOf(order.amount),
  createdAt: order.createdAt,
  at,
  subject: order.description,
  remark: order.attach ?? "",
  buyer: order.payer ?? "",
  tradeType: order.tradeType,
  deviceId: order.deviceId ?? "",
  planted: null,
});

/** WeChat Pay gives its fee back with the money. The refund's state stays what it was when the statement was made. */
function wechatRefund(order: WechatOrder, refund: WechatRefund, day: CivilDate): StatementRow {
  const endedAt = refund.endedAt && refund.endedAt <= madeAt(day) ? refund.endedAt : null;
  const status = endedAt === null || refund.state === "PROCESSING" ? "PROCESSING" : refund.state === "SUCCESS" ? "SUCCESS" : "FAIL";
  return {
    ...wechatPayment(order, refund.createdAt),
    kind: "refund",
    refund: { requestNo: refund.outRefundNo, number: refund.refundId, status, endedAt: status === "SUCCESS" ? endedAt : null },
    amount: refund.amount,
    coupon: ZERO_FEN,
    fee: feeOf(refund.amount),
    createdAt: refund.createdAt,
  };
}
