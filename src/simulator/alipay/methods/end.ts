import { fen } from "~/lib/money";
import { days } from "~/lib/time";
import { businessFailure } from "../errors";
import { notifyTrade } from "../news";
import { closeTrade, findTrade, refundedSum, tradeKey } from "../trade";
import type { AlipayCall, AlipayResult } from "./index";
import { tradeNamedBy } from "./query";

/** Only an unpaid trade can be closed. */
export function closeTradeCall(call: AlipayCall): AlipayResult {
  const trade = tradeNamedBy(call);
  if (trade.status === "TRADE_CLOSED") throw businessFailure("ACQ.REASON_TRADE_STATUS_INVALID");
  if (trade.status !== "WAIT_BUYER_PAY") throw businessFailure("ACQ.TRADE_STATUS_ERROR");
  closeTrade(call.world, trade, call.world.now());
  return { outTradeNo: trade.outTradeNo, node: { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo } };
}

/** For results that nobody knows: closes what is unpaid, refunds what is paid, and kills a code that nobody scanned. */
export function cancelTrade(call: AlipayCall): AlipayResult {
  const { world, account, biz } = call;
  const outTradeNo = biz.text("out_trade_no");
  const trade = findTrade(world, account, { tradeNo: biz.text("trade_no"), outTradeNo });
  if (!trade) {
    const prepared = outTradeNo ? world.state.alipay.trades.get(tradeKey({ sellerId: account.sellerId, outTradeNo })) : undefined;
    if (prepared) {
      prepared.status = "TRADE_CLOSED";
      prepared.closedAt = world.now();
      world.changed("trade", prepared.outTradeNo);
    }
    return { outTradeNo, node: { out_trade_no: outTradeNo ?? "", retry_flag: "N" } };
  }
  const node = { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo, retry_flag: "N" };
  if (trade.status === "TRADE_FINISHED") throw businessFailure("ACQ.TRADE_HAS_FINISHED");
  if (trade.status === "TRADE_CLOSED")
    return { outTradeNo: trade.outTradeNo, node: { ...node, action: trade.refunds.length > 0 ? "refund" : "close" } };
  if (trade.status === "WAIT_BUYER_PAY") {
    closeTrade(world, trade, world.now());
    return { outTradeNo: trade.outTradeNo, node: { ...node, action: "close" } };
  }
  // The provider takes back only the same day's trades.
  if (trade.paidAt && world.now().getTime() - trade.paidAt.getTime() > days(1)) throw businessFailure("ACQ.TRADE_CANCEL_TIME_OUT");
  if (trade.refunds.length > 0) throw businessFailure("ACQ.CANCEL_NOT_ALLOWED");
  const refund = { outRequestNo: trade.outTradeNo, amount: fen(trade.amount - refundedSum(trade)), reason: null, at: world.now() };
  trade.refunds.push(refund);
  trade.status = "TRADE_CLOSED";
  trade.closedAt = refund.at;
  world.changed("refund", refund.outRequestNo);
  notifyTrade(world, trade, refund);
  return { outTradeNo: trade.outTradeNo, node: { ...node, action: "refund" } };
}
