import type { Provider } from "~/domain/provider";
import type { Target } from "./buyer";
import type { Door } from "./state";
import type { World } from "./world";

/** The trade behind a door, whatever the door's state. */
export function targetBehind(world: World, door: Door): Target | null {
  if (door.provider === "alipay") {
    const trade = world.state.alipay.trades.get(door.key);
    return trade ? { provider: "alipay", trade } : null;
  }
  const order = world.state.wechat.orders.get(door.key);
  return order ? { provider: "wechat", order } : null;
}

/** Who receives the money, as the cashier names them. */
export function payeeOf(world: World, target: Target): string {
  const account =
    target.provider === "alipay"
      ? world.state.alipay.accounts.get(target.trade.appId)
      : world.state.wechat.accounts.get(target.order.mchid);
  const number = target.provider === "alipay" ? target.trade.sellerId : target.order.mchid;
  return account?.name ?? `商户 ${number}`;
}

export type TradeName = { provider?: Provider; account?: string; outTradeNo?: string; tradeNo?: string; code?: string };

/** The token inside what a phone scanned: a code_url, a qr_code, an h5_url, a prepay id, or the bare token. */
export function tokenOf(code: string): string {
  const parts = [/[?&]pr=([^&]+)/, /\/qr\/([^/?#]+)/, /prepay_id=([^&]+)/, /\/cashier\/([^/?#]+)/].map(
    (pattern) => pattern.exec(code)?.[1],
  );
  return parts.find((part) => part !== undefined) ?? code;
}

/** Every trade that fits a name. More than one: two accounts use the same number. */
export function targetsNamed(world: World, name: TradeName): Target[] {
  if (name.code !== undefined) {
    const door = world.state.doors.get(tokenOf(name.code));
    const target = door && targetBehind(world, door);
    return target ? [target] : [];
  }
  const targets: Target[] = [];
  if (name.provider !== "wechat") for (const trade of world.state.alipay.trades.values()) targets.push({ provider: "alipay", trade });
  if (name.provider !== "alipay") for (const order of world.state.wechat.orders.values()) targets.push({ provider: "wechat", order });
  return targets.filter((target) => {
    const facts =
      target.provider === "alipay"
        ? { outTradeNo: target.trade.outTradeNo, tradeNo: target.trade.tradeNo, account: target.trade.appId }
        : { outTradeNo: target.order.outTradeNo, tradeNo: target.order.transactionId, account: target.order.mchid };
    return (
      (name.outTradeNo === undefined || facts.outTradeNo === name.outTradeNo) &&
      (name.tradeNo === undefined || facts.tradeNo === name.tradeNo) &&
      (name.account === undefined || facts.account === name.account)
    );
  });
}
