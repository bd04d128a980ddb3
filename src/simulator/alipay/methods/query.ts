import { fen, yuanText } from "~/lib/money";
import { beijingText } from "~/lib/time";
import type { AlipayTrade } from "../../state";
import { businessFailure } from "../errors";
import { findTrade, paidByBuyer } from "../trade";
import type { AlipayCall, AlipayResult } from "./index";

export const tradeNamedBy = ({ world, account, biz }: AlipayCall): AlipayTrade => {
  const trade = findTrade(world, account, { tradeNo: biz.text("trade_no"), outTradeNo: biz.text("out_trade_no") });
  if (!trade) throw businessFailure("ACQ.TRADE_NOT_EXIST");
  return trade;
};

export function queryTrade(call: AlipayCall): AlipayResult {
  const trade = tradeNamedBy(call);
  // A query that lags behind tells the state from before the payment, in every field.
  const isPaid = trade.paidAt !== null && !call.stale;
  const amount = call.isAmountOff ? fen(trade.amount + 1n) : trade.amount;
  const options = call.biz.list("query_options");
  const node: Record<string, unknown> = {
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    trade_status: call.stale ? "WAIT_BUYER_PAY" : trade.status,
    total_amount: yuanText(amount),
    subject: trade.subject,
    buyer_logon_id: trade.buyerLogonId,
    buyer_user_id: trade.buyerId,
    point_amount: "0.00",
    receipt_amount: isPaid ? yuanText(amount) : "0.00",
    buyer_pay_amount: isPaid ? yuanText(paidByBuyer(trade)) : "0.00",
    invoice_amount: isPaid ? yuanText(paidByBuyer(trade)) : "0.00",
  };
  if (isPaid && trade.paidAt) {
    node.send_pay_date = beijingText(trade.paidAt);
    node.buyer_user_type = "PRIVATE";
    node.fund_bill_list = [{ fund_channel: "ALIPAYACCOUNT", amount: yuanText(paidByBuyer(trade)) }];
    if (trade.coupon > 0n) node.discount_amount = yuanText(trade.coupon);
    if (options.includes("enterprise_pay_info")) node.enterprise_pay_info = { is_use_enterprise_pay: false };
  }
  if (trade.body !== null) node.body = trade.body;
  if (trade.passbackParams !== null) node.passback_params = trade.passbackParams;
  return { outTradeNo: trade.outTradeNo, node };
}
