import { fen, fenFromText } from "~/lib/money";
import { tradeKey } from "../alipay/trade";
import type { AlipayAccount, WechatAccount } from "../state";
import { orderKey } from "../wechat/order";
import type { World } from "../world";
import { ControlRefusal } from "./refusal";
import type { HistoryInput, HistoryOutput } from "./types";

type PastTrade = HistoryInput["trades"][number];

/**
 * Remembers trades that were paid before this simulator ran, as a demonstration has them: queries and statements tell of them from now
 * on. Nobody is notified, and what is known already stays as it is.
 */
export function rememberHistory(world: World, { trades }: HistoryInput): HistoryOutput {
  let remembered = 0;
  for (const trade of trades) {
    const known = trade.provider === "alipay" ? rememberTrade(world, trade) : rememberOrder(world, trade);
    if (!known) remembered += 1;
  }
  world.changed("trade", "history");
  return { remembered };
}

/** Whether it was known. */
function rememberTrade(world: World, past: PastTrade): boolean {
  const account = accountOf<AlipayAccount>(world.state.alipay.accounts, past);
  const key = tradeKey({ sellerId: account.sellerId, outTradeNo: past.outTradeNo });
  if (world.state.alipay.trades.has(key)) return true;
  world.state.alipay.trades.set(key, {
    ...commonOf(past),
    appId: account.appId,
    sellerId: account.sellerId,
    tradeNo: past.tradeNo,
    product: "precreate",
    status: "TRADE_SUCCESS",
    subject: past.subject,
    body: null,
    passbackParams: null,
    notifyUrl: null,
    returnUrl: null,
    quitUrl: null,
    buyerId: past.buyer,
    buyerLogonId: "138****0000",
    refunds: [],
  });
  return false;
}

function rememberOrder(world: World, past: PastTrade): boolean {
  const { mchid, appid } = accountOf<WechatAccount>(world.state.wechat.accounts, past);
  const key = orderKey({ mchid, outTradeNo: past.outTradeNo });
  if (world.state.wechat.orders.has(key)) return true;
  world.state.wechat.orders.set(key, {
    ...commonOf(past),
    mchid,
    appid,
    transactionId: past.tradeNo,
    tradeType: "NATIVE",
    state: "SUCCESS",
    description: past.subject,
    attach: null,
    openid: null,
    deviceId: null,
    notifyUrl: "",
    timeExpire: null,
    payer: past.buyer,
  });
  return false;
}

function commonOf({ outTradeNo, amountFen, paidAt }: PastTrade) {
  const at = new Date(paidAt);
  return {
    outTradeNo,
    amount: fenFromText(amountFen),
    coupon: fen(0n),
    createdAt: at,
    expiresAt: at,
    paidAt: at,
    closedAt: null,
    door: "",
  };
}

function accountOf<A>(accounts: ReadonlyMap<string, A>, { account }: PastTrade): A {
  const found = accounts.get(account);
  if (!found) throw new ControlRefusal(404, "not_found", `no such account at the simulator: ${account}`);
  return found;
}
