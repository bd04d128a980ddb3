import { fen, fenFromText, ZERO_FEN } from "~/lib/money";
import { notifyTrade } from "./alipay/news";
import { beginTrade, closeTrade, refreshTrade } from "./alipay/trade";
import { isDeclinedAmount } from "./amounts";
import { dayDigits, randomDigits, randomLetters } from "./random";
import type { AlipayTrade, Delivery, WechatOrder } from "./state";
import { notifyPaid } from "./wechat/news";
import { refreshOrder } from "./wechat/order";
import type { World } from "./world";

/** What a buyer looks at: one trade at one provider. */
export type Target = { provider: "alipay"; trade: AlipayTrade } | { provider: "wechat"; order: WechatOrder };

export type Act = { outcome: "pay" | "cancel" | "decline" | "expire"; buyer?: string; coupon?: string; force?: boolean };
export type ActResult = { result: "paid" | "cancelled" | "declined" | "expired"; delivery: Delivery | null };

/** Why a buyer cannot do this now. */
export class BuyerRefusal extends Error {
  override readonly name = "BuyerRefusal";
  constructor(
    readonly word: "already_paid" | "trade_closed" | "trade_expired" | "bad_coupon",
    message: string,
  ) {
    super(message);
  }
}

/** The buyer's act at the cashier. Money moves here and nowhere else. */
export function act(world: World, target: Target, wish: Act): ActResult {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  if (target.provider === "alipay") {
    refreshTrade(world, target.trade);
    if (wish.outcome !== "expire") beginTrade(world, target.trade);
  } else refreshOrder(world, target.order);
  const declined = wish.outcome === "decline" || (wish.outcome === "pay" && isDeclinedAmount(facts.amount));
  let done: ActResult;
  if (wish.outcome === "cancel") done = { result: "cancelled", delivery: null };
  else if (wish.outcome === "expire") done = { result: "expired", delivery: expire(world, target) };
  else {
    checkPayable(world, target, wish.force ?? false);
    if (wish.outcome === "pay" && declined) world.faults.count("declined");
    done = declined ? { result: "declined", delivery: null } : { result: "paid", delivery: pay(world, target, wish) };
  }
  world.note({
    kind: "buyer",
    provider: target.provider,
    account: target.provider === "alipay" ? target.trade.appId : target.order.mchid,
    what: wish.force ? `${wish.outcome} (forced)` : wish.outcome,
    outTradeNo: facts.outTradeNo,
    verdict: done.result,
    ok: done.result === "paid",
  });
  world.changed("trade", facts.outTradeNo);
  return done;
}

function checkPayable(world: World, target: Target, force: boolean): void {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  if (facts.paidAt) throw new BuyerRefusal("already_paid", "该订单已支付");
  if (force) return;
  const isClosed = target.provider === "alipay" ? target.trade.status === "TRADE_CLOSED" : target.order.state === "CLOSED";
  if (isClosed) throw new BuyerRefusal("trade_closed", "订单已关闭");
  if (world.now() >= facts.expiresAt) throw new BuyerRefusal("trade_expired", "订单已过期");
}

function pay(world: World, target: Target, wish: Act): Delivery | null {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  const coupon = wish.coupon === undefined ? ZERO_FEN : fenFromText(wish.coupon);
  if (coupon >= facts.amount) throw new BuyerRefusal("bad_coupon", "优惠须小于订单金额");
  facts.paidAt = world.now();
  facts.closedAt = null;
  facts.coupon = fen(coupon);
  if (target.provider === "wechat") {
    target.order.state = "SUCCESS";
    target.order.transactionId = `420000${randomDigits(4)}${dayDigits(world.now())}${randomDigits(10)}`;
    target.order.payer = wish.buyer ?? target.order.openid ?? `o${randomLetters(27)}`;
    return notifyPaid(world, target.order);
  }
  target.trade.status = "TRADE_SUCCESS";
  target.trade.tradeNo ??= `${dayDigits(world.now())}22001${randomDigits(15)}`;
  target.trade.buyerId = wish.buyer ?? target.trade.buyerId ?? `2088${randomDigits(12)}`;
  target.trade.buyerLogonId = `138****${randomDigits(4)}`;
  return notifyTrade(world, target.trade);
}

/** Lets the time for paying run out now. Alipay closes such a trade; WeChat Pay leaves it unpaid and unpayable. */
function expire(world: World, target: Target): Delivery | null {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  if (facts.paidAt) throw new BuyerRefusal("already_paid", "该订单已支付");
  facts.expiresAt = world.now();
  if (target.provider === "wechat") return null;
  if (target.trade.status !== "WAIT_BUYER_PAY") {
    const door = world.state.doors.get(target.trade.door);
    if (door) door.expiresAt = world.now();
    return null;
  }
  closeTrade(world, target.trade, world.now());
  return world.state.deliveries.findLast((delivery) => delivery.outTradeNo === target.trade.outTradeNo) ?? null;
}
