import { fen } from "~/lib/money";
import { after, beijingText, days, hours, instantFromRfc3339, minutes } from "~/lib/time";
import { randomLetters } from "../random";
import type { Door, WechatAccount, WechatOrder } from "../state";
import type { World } from "../world";
import { invalidRequest, paramError, WechatFailure } from "./errors";

/** An order without a limit is closed by WeChat Pay after seven days. */
const DEFAULT_LIFE_MS = days(7);
const LIFE_MIN_MS = minutes(1);
const LIFE_MAX_MS = days(90);
/** How long a code_url, a prepay_id and an h5_url open the cashier. */
const TICKET_LIFE_MS = { code_url: hours(2), prepay_id: hours(2), h5: minutes(5) } as const;

export const orderKey = (order: Pick<WechatOrder, "mchid" | "outTradeNo">): string => `${order.mchid}/${order.outTradeNo}`;

export type OrderDraft = Pick<
  WechatOrder,
  "appid" | "outTradeNo" | "tradeType" | "description" | "attach" | "amount" | "openid" | "deviceId" | "notifyUrl" | "timeExpire"
>;

/** Places an order, or finds the same one again: an identical call renews the ticket, any other is refused. */
export function placeOrder(world: World, account: WechatAccount, draft: OrderDraft): { order: WechatOrder; fresh: boolean } {
  const now = world.now();
  const key = orderKey({ mchid: account.mchid, outTradeNo: draft.outTradeNo });
  const known = world.state.wechat.orders.get(key);
  if (known) {
    refreshOrder(world, known);
    if (known.state === "SUCCESS" || known.state === "REFUND") throw new WechatFailure(400, "ORDERPAID", "该订单已支付");
    const same = (Object.keys(draft) as (keyof OrderDraft)[]).every((name) => known[name] === draft[name]);
    if (!same || known.state === "CLOSED" || now >= known.expiresAt) throw invalidRequest("201 商户订单号重复");
    return { order: known, fresh: false };
  }
  const order: WechatOrder = {
    ...draft,
    mchid: account.mchid,
    transactionId: null,
    state: "NOTPAY",
    createdAt: now,
    expiresAt: expiryOf(draft.timeExpire, now),
    paidAt: null,
    closedAt: null,
    payer: null,
    coupon: fen(0n),
    door: "",
  };
  world.state.wechat.orders.set(key, order);
  world.changed("trade", order.outTradeNo);
  return { order, fresh: true };
}

/** Too early a limit is moved to one minute ahead, too late a one to 90 days. */
function expiryOf(timeExpire: string | null, now: Date): Date {
  if (timeExpire === null) return after(now, DEFAULT_LIFE_MS);
  let at: Date;
  try {
    at = instantFromRfc3339(timeExpire);
  } catch {
    throw paramError("/body/time_expire", "不是存在的时间", timeExpire);
  }
  if (at < after(now, LIFE_MIN_MS)) return after(now, LIFE_MIN_MS);
  return at > after(now, LIFE_MAX_MS) ? after(now, LIFE_MAX_MS) : at;
}

/** Gives the order a new ticket of its kind and answers the token inside it. Older tickets live on until they are over. */
export function issueTicket(world: World, order: WechatOrder, kind: Extract<Door["kind"], "code_url" | "prepay_id" | "h5">): string {
  const now = world.now();
  const token =
    kind === "code_url" ? randomLetters(9) : `wx${beijingText(now).replace(/\D/g, "").slice(6)}${randomLetters(26).toLowerCase()}`;
  const code = kind === "code_url" ? `weixin://wxpay/bizpayurl?pr=${token}` : token;
  world.state.doors.set(token, { provider: "wechat", key: orderKey(order), kind, code, expiresAt: after(now, TICKET_LIFE_MS[kind]) });
  order.door = token;
  world.changed("trade", order.outTradeNo);
  return token;
}

/** Passing `time_expire` closes nothing; only orders without any limit are closed, after seven days. */
export function refreshOrder(world: World, order: WechatOrder): void {
  if (order.state === "NOTPAY" && world.now() >= after(order.createdAt, DEFAULT_LIFE_MS) && world.now() >= order.expiresAt) {
    order.state = "CLOSED";
    order.closedAt = world.now();
    world.changed("trade", order.outTradeNo);
  }
}

export function findOrder(world: World, name: { mchid: string; outTradeNo?: string; transactionId?: string }): WechatOrder | null {
  let order: WechatOrder | undefined;
  if (name.outTradeNo !== undefined) order = world.state.wechat.orders.get(orderKey({ mchid: name.mchid, outTradeNo: name.outTradeNo }));
  else if (name.transactionId !== undefined) {
    for (const candidate of world.state.wechat.orders.values()) {
      if (candidate.transactionId === name.transactionId && candidate.mchid === name.mchid) order = candidate;
    }
  }
  if (order) refreshOrder(world, order);
  return order ?? null;
}

const STATE_WORDS = { NOTPAY: "订单未支付", SUCCESS: "支付成功", REFUND: "订单发生过退款", CLOSED: "订单已关闭" } as const;

/** Amounts leave as JSON integers; a trade's maximum is far below what a double holds exactly. */
export const jsonFen = (amount: bigint): number => Number(amount);

/** The transaction object of queries and payment notifications. */
export function transactionView(order: WechatOrder, stale: boolean): Record<string, unknown> {
  const state = stale ? "NOTPAY" : order.state;
  const isPaid = order.paidAt !== null && !stale;
  const view: Record<string, unknown> = {
    mchid: order.mchid,
    appid: order.appid,
    out_trade_no: order.outTradeNo,
    trade_state: state,
    trade_state_desc: STATE_WORDS[state],
  };
  if (order.attach !== null) view.attach = order.attach;
  if (order.deviceId !== null) view.scene_info = { device_id: order.deviceId };
  if (!isPaid || !order.paidAt) return { ...view, amount: { total: jsonFen(order.amount), currency: "CNY" }, promotion_detail: [] };
  Object.assign(view, {
    transaction_id: order.transactionId,
    trade_type: order.tradeType,
    bank_type: "OTHERS",
    success_time: `${beijingText(order.paidAt).replace(" ", "T")}+08:00`,
    payer: { openid: order.payer },
    amount: {
      total: jsonFen(order.amount),
      payer_total: jsonFen(order.amount - order.coupon),
      currency: "CNY",
      payer_currency: "CNY",
    },
  });
  if (order.coupon > 0n) view.promotion_detail = [couponView(order)];
  return view;
}

const couponView = (order: WechatOrder) => ({
  coupon_id: `SIM${order.transactionId?.slice(-12)}`,
  name: "模拟立减",
  scope: "GLOBAL",
  type: "CASH",
  amount: jsonFen(order.coupon),
  stock_id: "SIM0001",
  wechatpay_contribute: jsonFen(order.coupon),
  merchant_contribute: 0,
  other_contribute: 0,
  currency: "CNY",
});
