import { yuanText } from "~/lib/money";
import { beijingText } from "~/lib/time";
import { canonicalText, signText } from "../alipay/sign";
import type { AlipayTrade } from "../state";
import type { World } from "../world";

/** Alipay's return: the merchant's address with signed parameters. It proves nothing but that the buyer came back. */
function alipayReturnUrl(world: World, trade: AlipayTrade): string | null {
  const account = world.state.alipay.accounts.get(trade.appId);
  if (!trade.returnUrl || !account || (trade.product !== "page" && trade.product !== "wap")) return null;
  const parameters: Record<string, string> = {
    charset: "utf-8",
    out_trade_no: trade.outTradeNo,
    method: `alipay.trade.${trade.product}.pay.return`,
    total_amount: yuanText(trade.amount),
    trade_no: trade.tradeNo ?? "",
    auth_app_id: trade.appId,
    version: "1.0",
    app_id: trade.appId,
    sign_type: "RSA2",
    seller_id: trade.sellerId,
    timestamp: beijingText(world.now()),
  };
  const sign = signText(canonicalText(Object.entries(parameters), ["sign", "sign_type"]), "utf-8", account.privateKey);
  const query = new URLSearchParams({ ...parameters, sign }).toString();
  return `${trade.returnUrl}${trade.returnUrl.includes("?") ? "&" : "?"}${query}`;
}

/** Signed once the trade is paid; before that the address for those who give up. */
export const alipayWayBack = (world: World, trade: AlipayTrade): string | null =>
  trade.paidAt ? alipayReturnUrl(world, trade) : webAddress(trade.quitUrl ?? trade.returnUrl);

/** Where an H5 or JSAPI page asked to be taken afterwards; only web addresses are links. */
export const webAddress = (text: string | null): string | null =>
  text !== null && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
