import { fen } from "~/lib/money";
import { isTimeoutAmount } from "../amounts";
import { parseForm } from "../http/form";
import { randomDigits } from "../random";
import type { WechatOrder, WechatTradeType } from "../state";
import type { WechatCall, WechatResult } from "./api";
import { invalidRequest, missingField, orderNotExist, WechatFailure } from "./errors";
import { findOrder, issueTicket, placeOrder, transactionView } from "./order";
import { APP, CLOSE, H5, JSAPI, NATIVE, OUT_TRADE_NO } from "./rules";
import { type Rules, readBody } from "./schema";

const KINDS = {
  native: { tradeType: "NATIVE", rules: NATIVE },
  jsapi: { tradeType: "JSAPI", rules: JSAPI },
  app: { tradeType: "APP", rules: APP },
  h5: { tradeType: "MWEB", rules: H5 },
} as const satisfies Record<string, { tradeType: WechatTradeType; rules: Rules }>;

/** The four ways to place an order. */
export function createOrder(kind: keyof typeof KINDS) {
  return (call: WechatCall): WechatResult => {
    const { world, account } = call;
    const { tradeType, rules } = KINDS[kind];
    const { body, unknown } = readBody(call.request.body, rules);
    checkMerchant(call, body.required("mchid"));
    if (body.required("appid") !== account.appid) throw new WechatFailure(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配");
    const amount = fen(body.integer("amount/total"));
    const { order, fresh } = placeOrder(world, account, {
      appid: account.appid,
      outTradeNo: body.required("out_trade_no"),
      tradeType,
      description: body.required("description"),
      attach: body.text("attach"),
      amount,
      openid: body.text("payer/openid"),
      deviceId: body.text("scene_info/device_id"),
      notifyUrl: body.required("notify_url"),
      timeExpire: body.text("time_expire"),
    });
    const about = { status: 200 as const, outTradeNo: order.outTradeNo, warnings: unknown, timesOut: fresh && isTimeoutAmount(amount) };
    if (kind === "native") {
      return { ...about, body: { code_url: `weixin://wxpay/bizpayurl?pr=${issueTicket(world, order, "code_url")}` } };
    }
    if (kind !== "h5") return { ...about, body: { prepay_id: issueTicket(world, order, "prepay_id") } };
    const query = `prepay_id=${issueTicket(world, order, "h5")}&package=${randomDigits(10)}`;
    return { ...about, body: { h5_url: `${call.request.origin}/cgi-bin/mmpayweb-bin/checkmweb?${query}` } };
  };
}

/** The merchant of the call must be the one that signed it. */
function checkMerchant({ world, account }: WechatCall, mchid: string): void {
  if (mchid === account.mchid) return;
  if (!world.state.wechat.accounts.has(mchid)) throw new WechatFailure(400, "MCH_NOT_EXISTS", "商户号不存在");
  throw invalidRequest("商户号与签名的商户号不一致");
}

function checkMerchantOfQuery(call: WechatCall): void {
  const mchid = parseForm(call.request.query, "utf-8").find(({ name }) => name === "mchid")?.value;
  if (!mchid) throw missingField("/query/mchid");
  checkMerchant(call, mchid);
}

/** The order as this call is to see it. */
const seenBy = (call: WechatCall, order: WechatOrder) =>
  transactionView(call.isAmountOff ? { ...order, amount: fen(order.amount + 1n) } : order, call.stale);

export function queryByOutTradeNo(call: WechatCall): WechatResult {
  checkMerchantOfQuery(call);
  const outTradeNo = call.parameters[0] ?? "";
  if (!OUT_TRADE_NO.test(outTradeNo))
    throw new WechatFailure(400, "PARAM_ERROR", "输入源“/path/out_trade_no”字符串规则校验失败", {
      location: "uri_template",
      value: outTradeNo.slice(0, 64),
    });
  const order = findOrder(call.world, { mchid: call.account.mchid, outTradeNo });
  if (!order) throw orderNotExist();
  return { status: 200, outTradeNo, body: seenBy(call, order) };
}

/** A transaction id exists only once the order is paid. */
export function queryByTransactionId(call: WechatCall): WechatResult {
  checkMerchantOfQuery(call);
  const order = findOrder(call.world, { mchid: call.account.mchid, transactionId: call.parameters[0] ?? "" });
  if (!order || call.stale) throw orderNotExist();
  return { status: 200, outTradeNo: order.outTradeNo, body: seenBy(call, order) };
}

/** Answers 204 with an empty, signed body. */
export function closeOrder(call: WechatCall): WechatResult {
  const { world, account } = call;
  const { body, unknown } = readBody(call.request.body, CLOSE);
  checkMerchant(call, body.required("mchid"));
  const order = findOrder(world, { mchid: account.mchid, outTradeNo: call.parameters[0] ?? "" });
  if (!order) throw orderNotExist();
  if (order.state === "SUCCESS" || order.state === "REFUND") throw new WechatFailure(400, "ORDERPAID", "该订单已支付");
  if (order.state === "CLOSED") throw new WechatFailure(400, "ORDER_CLOSED", "订单已关闭");
  order.state = "CLOSED";
  order.closedAt = world.now();
  world.changed("trade", order.outTradeNo);
  return { status: 204, outTradeNo: order.outTradeNo, body: null, warnings: unknown };
}
