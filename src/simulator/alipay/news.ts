import { yuanText } from "~/lib/money";
import { beijingText } from "~/lib/time";
import { enqueue } from "../notify/queue";
import { dayDigits, randomDigits } from "../random";
import type { AlipayRefund, AlipayTrade, Delivery } from "../state";
import type { World } from "../world";
import { paidByBuyer, refundedSum } from "./trade";

/** The business fields of a trade notification as the trade stands now. No empty value is ever sent. */
export function tradeFields(world: World, trade: AlipayTrade, refund: AlipayRefund | null = null): Record<string, string> {
  const paid = trade.paidAt !== null;
  const fields: Record<string, string | null> = {
    notify_type: "trade_status_sync",
    notify_id: `${dayDigits(world.now())}00222${randomDigits(21)}`,
    app_id: trade.appId,
    auth_app_id: trade.appId,
    version: "1.0",
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    out_biz_no: refund?.outRequestNo ?? null,
    buyer_id: trade.buyerId,
    buyer_logon_id: trade.buyerLogonId,
    seller_id: trade.sellerId,
    seller_email: `sim***@${trade.appId.slice(-4)}.test`,
    trade_status: trade.status,
    total_amount: yuanText(trade.amount),
    receipt_amount: paid ? yuanText(trade.amount) : null,
    invoice_amount: paid ? yuanText(paidByBuyer(trade)) : null,
    buyer_pay_amount: paid ? yuanText(paidByBuyer(trade)) : null,
    point_amount: paid ? "0.00" : null,
    refund_fee: refund ? yuanText(refundedSum(trade)) : null,
    subject: trade.subject,
    body: trade.body,
    gmt_create: beijingText(trade.createdAt),
    gmt_payment: trade.paidAt ? beijingText(trade.paidAt) : null,
    gmt_refund: refund ? `${beijingText(refund.at)}.${String(refund.at.getMilliseconds()).padStart(3, "0")}` : null,
    gmt_close: trade.status === "TRADE_CLOSED" && trade.closedAt ? beijingText(trade.closedAt) : null,
    fund_bill_list: paid ? JSON.stringify(fundBills(trade)) : null,
    passback_params: trade.passbackParams,
  };
  return Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== ""));
}

function fundBills(trade: AlipayTrade) {
  const own = { amount: yuanText(paidByBuyer(trade)), fundChannel: "ALIPAYACCOUNT" };
  return trade.coupon > 0n ? [own, { amount: yuanText(trade.coupon), fundChannel: "COUPON" }] : [own];
}

/** Sends news of the trade to the address of its payment, if it named one. */
export function notifyTrade(world: World, trade: AlipayTrade, refund: AlipayRefund | null = null): Delivery | null {
  if (!trade.notifyUrl) return null;
  return enqueue(world, {
    provider: "alipay",
    account: trade.appId,
    outTradeNo: trade.outTradeNo,
    what: refund ? `${trade.status} (refund ${refund.outRequestNo})` : trade.status,
    url: trade.notifyUrl,
    content: { provider: "alipay", fields: tradeFields(world, trade, refund) },
  });
}
