import { fen, fenFromYuan, yuanText } from "~/lib/money";
import { beijingText } from "~/lib/time";
import { isTimeoutAmount } from "../../amounts";
import { businessFailure, invalidParameter } from "../errors";
import { notifyTrade } from "../news";
import { refundedSum } from "../trade";
import type { AlipayCall, AlipayResult } from "./index";
import { tradeNamedBy } from "./query";

/** A repeat with the same number and amount answers `fund_change` N: the money moved before, not now. */
export function refundTrade(call: AlipayCall): AlipayResult {
  const { world, biz } = call;
  const trade = tradeNamedBy(call);
  const amount = fenFromYuan(biz.required("refund_amount"));
  if (amount < 1n) throw businessFailure("ACQ.REASON_TRADE_REFUND_FEE_ERR");
  const given = biz.text("out_request_no");
  const outRequestNo = given ?? trade.outTradeNo;
  const known = trade.refunds.find((refund) => refund.outRequestNo === outRequestNo);
  if (known && known.amount !== amount) throw businessFailure("ACQ.DISCORDANT_REPEAT_REQUEST");
  if (!known) {
    if (trade.status === "TRADE_FINISHED") throw businessFailure("ACQ.TRADE_HAS_FINISHED");
    if (trade.status === "TRADE_CLOSED") throw businessFailure("ACQ.TRADE_HAS_CLOSE");
    if (trade.status !== "TRADE_SUCCESS") throw businessFailure("ACQ.TRADE_STATUS_ERROR");
    if (given === null && amount !== trade.amount) throw invalidParameter("部分退款时 out_request_no 不能为空");
    const left = fen(trade.amount - refundedSum(trade));
    if (amount > left) throw businessFailure("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
    const refund = { outRequestNo, amount, reason: biz.text("refund_reason"), at: world.now() };
    trade.refunds.push(refund);
    if (amount === left) {
      trade.status = "TRADE_CLOSED";
      trade.closedAt = refund.at;
    }
    world.changed("refund", outRequestNo);
    notifyTrade(world, trade, refund);
  }
  const at = known?.at ?? world.now();
  return {
    outTradeNo: trade.outTradeNo,
    timesOut: !known && isTimeoutAmount(amount),
    node: {
      trade_no: trade.tradeNo,
      out_trade_no: trade.outTradeNo,
      buyer_logon_id: trade.buyerLogonId,
      buyer_user_id: trade.buyerId,
      fund_change: known ? "N" : "Y",
      refund_fee: yuanText(refundedSum(trade)),
      send_back_fee: yuanText(amount),
      gmt_refund_pay: beijingText(at),
    },
  };
}

/** A refund that is not known is an answer without `refund_status`, not an error. */
export function queryRefund(call: AlipayCall): AlipayResult {
  const { biz } = call;
  const trade = tradeNamedBy(call);
  const outRequestNo = biz.required("out_request_no");
  const refund = call.stale ? undefined : trade.refunds.find((item) => item.outRequestNo === outRequestNo);
  if (!refund) return { outTradeNo: trade.outTradeNo, node: {} };
  const node: Record<string, unknown> = {
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    out_request_no: outRequestNo,
    total_amount: yuanText(trade.amount),
    refund_amount: yuanText(refund.amount),
    refund_status: "REFUND_SUCCESS",
    send_back_fee: yuanText(refund.amount),
  };
  if (refund.reason !== null) node.refund_reason = refund.reason;
  if (biz.list("query_options").includes("gmt_refund_pay")) node.gmt_refund_pay = beijingText(refund.at);
  return { outTradeNo: trade.outTradeNo, node };
}
