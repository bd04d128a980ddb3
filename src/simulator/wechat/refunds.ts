import { type Fen, fen, sumFen } from "~/lib/money";
import { after, beijingRfc3339, days, minutes, seconds } from "~/lib/time";
import { isTimeoutAmount } from "../amounts";
import { dayDigits, randomDigits } from "../random";
import type { WechatOrder, WechatRefund } from "../state";
import { JsonNumber } from "../strict-json";
import type { World } from "../world";
import type { WechatCall, WechatResult } from "./api";
import { invalidRequest, missingField, WechatFailure } from "./errors";
import { notifyRefund } from "./news";
import { findOrder, jsonFen, orderKey } from "./order";
import { ABNORMAL_REFUND, REFUND } from "./rules";
import { type Body, readBody } from "./schema";

const REFUND_WINDOW_MS = days(365);
const REFUND_COUNT_MAX = 50;
const REFUND_GAP_MS = minutes(1);
/** How long an accepted refund stays in process when nobody decides otherwise. The real one takes about five minutes. */
const REFUND_SETTLES_AFTER_MS = seconds(30);

const refundKey = (refund: Pick<WechatRefund, "mchid" | "outRefundNo">) => `${refund.mchid}/${refund.outRefundNo}`;
const notExist = (words: string) => new WechatFailure(404, "RESOURCE_NOT_EXISTS", words);

/** Accepts a refund. The same number with the same values answers the current state; with others it is refused. */
export function createRefund(call: WechatCall): WechatResult {
  const { world, account } = call;
  const { body, unknown } = readBody(call.request.body, REFUND);
  const order = namedOrder(call, body);
  const outRefundNo = body.required("out_refund_no");
  const amount = fen(body.integer("amount/refund"));
  const known = world.state.wechat.refunds.get(refundKey({ mchid: account.mchid, outRefundNo }));
  if (known) {
    const same = known.amount === amount && known.outTradeNo === order.outTradeNo && body.integer("amount/total") === order.amount;
    if (!same) throw invalidRequest("订单金额或退款金额与之前请求不一致，请核实后再试");
    return { status: 200, outTradeNo: order.outTradeNo, body: refundView(order, known), warnings: unknown };
  }
  checkRefund(call, order, body, amount);
  const refund: WechatRefund = {
    mchid: account.mchid,
    outTradeNo: order.outTradeNo,
    outRefundNo,
    refundId: `50${randomDigits(3)}${dayDigits(world.now())}${randomDigits(16)}`,
    amount,
    reason: body.text("reason"),
    notifyUrl: body.text("notify_url"),
    state: "PROCESSING",
    createdAt: world.now(),
    endedAt: null,
  };
  world.state.wechat.refunds.set(refundKey(refund), refund);
  order.state = "REFUND";
  world.changed("refund", outRefundNo);
  return {
    status: 200,
    outTradeNo: order.outTradeNo,
    body: refundView(order, refund),
    warnings: unknown,
    timesOut: isTimeoutAmount(amount),
  };
}

function namedOrder({ world, account }: WechatCall, body: Body): WechatOrder {
  const transactionId = body.text("transaction_id");
  const outTradeNo = body.text("out_trade_no");
  if (transactionId === null && outTradeNo === null) throw missingField("/body/transaction_id");
  const order = findOrder(world, {
    mchid: account.mchid,
    ...(transactionId === null ? { outTradeNo: outTradeNo ?? "" } : { transactionId }),
  });
  if (!order || (outTradeNo !== null && order.outTradeNo !== outTradeNo)) throw notExist("订单不存在");
  return order;
}

function checkRefund({ world, account }: WechatCall, order: WechatOrder, body: Body, amount: Fen): void {
  const now = world.now();
  if (!order.paidAt) throw new WechatFailure(403, "TRADE_ERROR", "订单状态不允许退款");
  if (body.integer("amount/total") !== order.amount) throw invalidRequest("订单金额或退款金额与之前请求不一致，请核实后再试");
  const earlier = refundsOf(world, order);
  const left = order.amount - sumFen(earlier.filter(({ state }) => state !== "CLOSED").map((refund) => refund.amount));
  if (amount > left) throw invalidRequest("申请退款金额超过订单可退金额");
  const parts = body.list("amount/from").map((part) => (part instanceof Map ? part.get("amount") : null));
  if (parts.length > 0 && parts.reduce((sum, part) => sum + (part instanceof JsonNumber ? BigInt(part.text) : 0n), 0n) !== amount) {
    throw invalidRequest("退款出资金额之和与退款金额不一致");
  }
  if (account.rules.refundYear && now > after(order.paidAt, REFUND_WINDOW_MS))
    throw invalidRequest("订单已超过可退款的最大期限（支付后一年内）");
  if (account.rules.refundCountMax && earlier.length >= REFUND_COUNT_MAX) throw invalidRequest("部分退款次数超过 50 次");
  const newest = earlier.at(-1);
  if (account.rules.refundGapMinute && newest && now < after(newest.createdAt, REFUND_GAP_MS)) {
    throw new WechatFailure(429, "FREQUENCY_LIMITED", "同一笔订单的两次退款需间隔 1 分钟");
  }
}

export const refundsOf = (world: World, order: WechatOrder): WechatRefund[] =>
  [...world.state.wechat.refunds.values()].filter((refund) => refund.mchid === order.mchid && refund.outTradeNo === order.outTradeNo);

export function queryRefund({ world, account, parameters }: WechatCall): WechatResult {
  const refund = world.state.wechat.refunds.get(refundKey({ mchid: account.mchid, outRefundNo: parameters[0] ?? "" }));
  const order = refund && world.state.wechat.orders.get(orderKey(refund));
  if (!refund || !order) throw notExist("退款单不存在");
  return { status: 200, outTradeNo: refund.outTradeNo, body: refundView(order, refund) };
}

/** An abnormal refund is sent on to another card and is in process again. */
export function applyAbnormalRefund(call: WechatCall): WechatResult {
  const { body } = readBody(call.request.body, ABNORMAL_REFUND);
  const refund = [...call.world.state.wechat.refunds.values()].find(
    (item) =>
      item.refundId === call.parameters[0] && item.mchid === call.account.mchid && item.outRefundNo === body.required("out_refund_no"),
  );
  const order = refund && call.world.state.wechat.orders.get(orderKey(refund));
  if (!refund || !order) throw notExist("退款单不存在");
  if (refund.state !== "ABNORMAL") throw invalidRequest("退款单状态不是退款异常");
  if (body.required("type") === "USER_BANK_CARD" && !(body.text("bank_account") && body.text("real_name")))
    throw missingField("/body/bank_account");
  refund.state = "PROCESSING";
  refund.retriedAt = call.world.now();
  refund.endedAt = null;
  call.world.changed("refund", refund.outRefundNo);
  return { status: 200, outTradeNo: refund.outTradeNo, body: refundView(order, refund) };
}

/** When a refund in process arrives by itself. */
export const settlesAt = (refund: WechatRefund): Date => after(refund.retriedAt ?? refund.createdAt, REFUND_SETTLES_AFTER_MS);

/** Ends a refund in process and sends the news of it. */
export function endRefund(world: World, refund: WechatRefund, state: Exclude<WechatRefund["state"], "PROCESSING">, at = world.now()): void {
  refund.state = state;
  refund.endedAt = at;
  world.changed("refund", refund.outRefundNo);
  const order = world.state.wechat.orders.get(orderKey(refund));
  if (order) notifyRefund(world, order, refund);
}

function refundView(order: WechatOrder, refund: WechatRefund): Record<string, unknown> {
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    channel: "ORIGINAL",
    user_received_account: "支付用户零钱",
    create_time: beijingRfc3339(refund.createdAt),
    ...(refund.state === "SUCCESS" && refund.endedAt ? { success_time: beijingRfc3339(refund.endedAt) } : {}),
    status: refund.state,
    funds_account: "AVAILABLE",
    amount: {
      total: jsonFen(order.amount),
      refund: jsonFen(refund.amount),
      payer_total: jsonFen(order.amount - order.coupon),
      payer_refund: jsonFen(refund.amount),
      settlement_total: jsonFen(order.amount),
      settlement_refund: jsonFen(refund.amount),
      discount_refund: 0,
      currency: "CNY",
    },
  };
}
