import { fenFromYuan, TRADE_MAX_FEN } from "~/lib/money";
import { after, days, hours, instantFromBeijing, minutes } from "~/lib/time";
import { isTimeoutAmount } from "../../amounts";
import { businessFailure, invalidParameter } from "../errors";
import { DEFAULT_LIFE_MS, PRODUCT_OF_METHOD, placeTrade } from "../trade";
import type { AlipayCall, AlipayResult } from "./index";

/** The four ways to begin a trade. Page methods answer a page, the others a node. */
export function createTrade(call: AlipayCall): AlipayResult {
  const { world, account, biz } = call;
  const product = PRODUCT_OF_METHOD[call.method];
  if (!product) throw new Error(`not a creating method: ${call.method}`);
  const amount = fenFromYuan(biz.required("total_amount"));
  if (amount < 1n || amount > TRADE_MAX_FEN) throw businessFailure("ACQ.TOTAL_FEE_EXCEED");
  const sellerId = biz.text("seller_id");
  if (sellerId !== null && sellerId !== account.sellerId) throw businessFailure("ACQ.SELLER_NOT_EXIST");
  const buyerId = product === "create" ? (biz.text("buyer_id") ?? biz.text("buyer_open_id")) : null;
  if (product === "create" && buyerId === null) throw invalidParameter("buyer_id 与 buyer_open_id 不能同时为空");
  if (buyerId === account.sellerId) throw businessFailure("ACQ.BUYER_SELLER_EQUAL");

  const { trade, fresh } = placeTrade(world, account, {
    product,
    outTradeNo: biz.required("out_trade_no"),
    amount,
    subject: biz.required("subject"),
    body: biz.text("body"),
    passbackParams: biz.text("passback_params"),
    notifyUrl: call.common.notifyUrl,
    returnUrl: call.common.returnUrl,
    quitUrl: biz.text("quit_url"),
    buyerId,
    expiresAt: expiryOf(call),
  });
  const timesOut = fresh && isTimeoutAmount(amount);
  const about = { outTradeNo: trade.outTradeNo, timesOut };
  if (product === "page" || product === "wap") return { ...about, page: `/cashier/${trade.door}`, node: {} };
  if (product === "create") return { ...about, node: { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo ?? "" } };
  const code = `${call.origin}/qr/${trade.door}`;
  const door = world.state.doors.get(trade.door);
  if (door) door.code = code;
  return { ...about, node: { out_trade_no: trade.outTradeNo, qr_code: code } };
}

/** `timeout_express` counts from now, `time_expire` is absolute; only one of them may be given. */
function expiryOf({ world, biz }: AlipayCall): Date {
  const now = world.now();
  const absolute = biz.text("time_expire");
  const relative = biz.text("timeout_express");
  if (absolute !== null && relative !== null) throw invalidParameter("time_expire 与 timeout_express 不能同时设置");
  if (absolute !== null) {
    const at = readTime(absolute.length === 16 ? `${absolute}:00` : absolute);
    if (at <= now) throw businessFailure("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
    return at;
  }
  if (relative === null) return after(now, DEFAULT_LIFE_MS);
  if (relative === "1c") return after(now, days(1));
  const count = Number(relative.slice(0, -1));
  const ms = relative.endsWith("m") ? minutes(count) : relative.endsWith("h") ? hours(count) : days(count);
  if (ms > days(15)) throw invalidParameter("timeout_express 应在 1m 至 15d 之间");
  return after(now, ms);
}

function readTime(text: string): Date {
  try {
    return instantFromBeijing(text);
  } catch {
    throw invalidParameter("time_expire 不是存在的时间");
  }
}
