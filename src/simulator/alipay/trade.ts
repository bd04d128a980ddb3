import { type Fen, fen, sumFen } from "~/lib/money";
import { after, days, hours } from "~/lib/time";
import { dayDigits, randomDigits, randomLetters } from "../random";
import type { AlipayAccount, AlipayProduct, AlipayTrade } from "../state";
import type { World } from "../world";
import { businessFailure } from "./errors";
import { notifyTrade } from "./news";

/** A precreated QR code may be scanned for two hours. */
const QR_LIFE_MS = hours(2);
/** An order without a limit of its own. */
export const DEFAULT_LIFE_MS = days(15);
/** After this a paid trade can no longer be refunded and is finished. */
const REFUND_WINDOW_MS = days(365);

export const tradeKey = (trade: Pick<AlipayTrade, "sellerId" | "outTradeNo">): string => `${trade.sellerId}/${trade.outTradeNo}`;
export const refundedSum = (trade: AlipayTrade): Fen => sumFen(trade.refunds.map((refund) => refund.amount));
export const paidByBuyer = (trade: AlipayTrade): Fen => fen(trade.amount - trade.coupon);

export type TradeDraft = Pick<
  AlipayTrade,
  "product" | "outTradeNo" | "amount" | "subject" | "body" | "passbackParams" | "notifyUrl" | "returnUrl" | "quitUrl" | "buyerId"
> & { expiresAt: Date };

/** Begins a trade, or finds the same one again. `fresh` is false for a repeated call. */
export function placeTrade(world: World, account: AlipayAccount, draft: TradeDraft): { trade: AlipayTrade; fresh: boolean } {
  const now = world.now();
  const key = tradeKey({ sellerId: account.sellerId, outTradeNo: draft.outTradeNo });
  const known = world.state.alipay.trades.get(key);
  if (known) {
    refreshTrade(world, known);
    if (known.status === "TRADE_CLOSED") throw businessFailure("ACQ.TRADE_HAS_CLOSE");
    if (known.status === "TRADE_SUCCESS" || known.status === "TRADE_FINISHED") throw businessFailure("ACQ.TRADE_HAS_SUCCESS");
    const same = known.amount === draft.amount && known.subject === draft.subject && known.product === draft.product;
    if (!same) throw businessFailure("ACQ.CONTEXT_INCONSISTENT");
    // Nobody has scanned it, so nothing exists yet whose time could be running.
    if (known.status === "PREPARED") known.expiresAt = draft.expiresAt;
    openDoor(world, known);
    return { trade: known, fresh: false };
  }
  const trade: AlipayTrade = {
    ...draft,
    appId: account.appId,
    sellerId: account.sellerId,
    tradeNo: null,
    status: "PREPARED",
    createdAt: now,
    paidAt: null,
    closedAt: null,
    buyerLogonId: null,
    coupon: fen(0n),
    door: "",
    refunds: [],
  };
  world.state.alipay.trades.set(key, trade);
  openDoor(world, trade);
  if (draft.product !== "precreate") beginTrade(world, trade);
  world.changed("trade", trade.outTradeNo);
  return { trade, fresh: true };
}

/** The first scan of a QR code, or any other creation: from now on the trade exists for queries. */
export function beginTrade(world: World, trade: AlipayTrade): void {
  if (trade.status !== "PREPARED") return;
  trade.tradeNo = `${dayDigits(world.now())}22001${randomDigits(15)}`;
  trade.status = "WAIT_BUYER_PAY";
  world.changed("trade", trade.outTradeNo);
}

function openDoor(world: World, trade: AlipayTrade): void {
  const isQr = trade.product === "precreate";
  const token = isQr ? `bax0${randomLetters(20).toLowerCase()}` : randomLetters(24);
  const qrEnd = after(world.now(), QR_LIFE_MS);
  world.state.doors.set(token, {
    provider: "alipay",
    key: tradeKey(trade),
    kind: isQr ? "qr" : "page",
    code: null,
    expiresAt: isQr && qrEnd < trade.expiresAt ? qrEnd : trade.expiresAt,
  });
  trade.door = token;
}

/** Moves a trade along with the time: unpaid ones expire, paid ones finish when they can no longer be refunded. */
export function refreshTrade(world: World, trade: AlipayTrade): void {
  const now = world.now();
  if (trade.status === "WAIT_BUYER_PAY" && now >= trade.expiresAt) closeTrade(world, trade, trade.expiresAt);
  else if (trade.status === "TRADE_SUCCESS" && trade.paidAt && now >= after(trade.paidAt, REFUND_WINDOW_MS)) {
    trade.status = "TRADE_FINISHED";
    world.changed("trade", trade.outTradeNo);
    notifyTrade(world, trade);
  }
}

export function closeTrade(world: World, trade: AlipayTrade, at: Date): void {
  trade.status = "TRADE_CLOSED";
  trade.closedAt = at;
  world.changed("trade", trade.outTradeNo);
  notifyTrade(world, trade);
}

/** The trade that a call names, `trade_no` first. A code that nobody scanned is no trade yet. */
export function findTrade(
  world: World,
  account: AlipayAccount,
  name: { tradeNo: string | null; outTradeNo: string | null },
): AlipayTrade | null {
  let trade: AlipayTrade | undefined;
  if (name.tradeNo !== null) {
    for (const candidate of world.state.alipay.trades.values()) if (candidate.tradeNo === name.tradeNo) trade = candidate;
    if (trade?.sellerId !== account.sellerId) trade = undefined;
  } else if (name.outTradeNo !== null) {
    trade = world.state.alipay.trades.get(tradeKey({ sellerId: account.sellerId, outTradeNo: name.outTradeNo }));
  }
  if (!trade) return null;
  refreshTrade(world, trade);
  return trade.status === "PREPARED" ? null : trade;
}

export const PRODUCT_OF_METHOD: Readonly<Record<string, AlipayProduct>> = {
  "alipay.trade.page.pay": "page",
  "alipay.trade.wap.pay": "wap",
  "alipay.trade.precreate": "precreate",
  "alipay.trade.create": "create",
};
