import type { z } from "zod";
import { beijingRfc3339 } from "~/lib/time";
import { tradeFields } from "../alipay/news";
import { isNotificationFault } from "../faults/kinds";
import { attempt, type Message } from "../notify/attempt";
import { dayDigits, randomDigits } from "../random";
import { targetsNamed } from "../target";
import { transactionView } from "../wechat/order";
import type { World } from "../world";
import { ControlRefusal } from "./refusal";
import type { MessageInput, MessageOutput } from "./types";
import { attemptView } from "./views";

type Wish = z.infer<typeof MessageInput>;

/** Signs and sends any message at once, as often as asked, all copies side by side. */
export async function pushMessage(world: World, wish: Wish): Promise<MessageOutput> {
  const twist = wish.twist ?? null;
  if (twist !== null && !isNotificationFault(twist))
    throw new ControlRefusal(400, "invalid_input", `"${twist}" is no kind of fault for notifications`);
  const message = wish.provider === "alipay" ? alipayMessage(world, wish) : wechatMessage(world, wish);
  const records = await Promise.all(Array.from({ length: wish.copies }, () => attempt(world, message, twist)));
  return { attempts: records.map(attemptView) };
}

function alipayMessage(world: World, wish: Wish): Message {
  const target = wish.outTradeNo === undefined ? undefined : targetsNamed(world, { ...wish, provider: "alipay" })[0];
  const trade = target?.provider === "alipay" ? target.trade : undefined;
  const account = world.state.alipay.accounts.get(wish.account ?? trade?.appId ?? "");
  if (!account) throw new ControlRefusal(404, "not_found", "name an outTradeNo of a known trade, or the account");
  const base: Record<string, string> = trade
    ? tradeFields(world, trade)
    : {
        notify_type: "trade_status_sync",
        notify_id: `${dayDigits(world.now())}00222${randomDigits(21)}`,
        app_id: account.appId,
        auth_app_id: account.appId,
        version: "1.0",
        seller_id: account.sellerId,
      };
  if (!trade && wish.outTradeNo) base.out_trade_no = wish.outTradeNo;
  const fields = Object.fromEntries(
    Object.entries({ ...base, ...wish.fields }).filter((pair): pair is [string, string] => pair[1] !== null),
  );
  return {
    account: account.appId,
    outTradeNo: fields.out_trade_no ?? null,
    what: fields.trade_status ?? fields.notify_type ?? "message",
    url: addressOf(wish, trade?.notifyUrl ?? null),
    content: { provider: "alipay", fields },
  };
}

function wechatMessage(world: World, wish: Wish): Message {
  const target = wish.outTradeNo === undefined ? undefined : targetsNamed(world, { ...wish, provider: "wechat" })[0];
  const order = target?.provider === "wechat" ? target.order : undefined;
  const account = world.state.wechat.accounts.get(wish.account ?? order?.mchid ?? "");
  if (!account) throw new ControlRefusal(404, "not_found", "name an outTradeNo of a known order, or the account");
  const eventType = wish.eventType ?? "TRANSACTION.SUCCESS";
  const base = order
    ? transactionView(order, false)
    : { mchid: account.mchid, appid: account.appid, ...(wish.outTradeNo ? { out_trade_no: wish.outTradeNo } : {}) };
  const resource = Object.fromEntries(Object.entries({ ...base, ...wish.resource }).filter(([, value]) => value !== null));
  return {
    account: account.mchid,
    outTradeNo: typeof resource.out_trade_no === "string" ? resource.out_trade_no : null,
    what: eventType,
    url: addressOf(wish, order?.notifyUrl ?? null),
    content: {
      provider: "wechat",
      id: crypto.randomUUID(),
      createTime: beijingRfc3339(world.now()),
      eventType,
      summary: eventType.startsWith("REFUND") ? "退款通知" : "支付成功",
      originalType: eventType.startsWith("REFUND") ? "refund" : "transaction",
      resource,
    },
  };
}

function addressOf(wish: Wish, own: string | null): string {
  const url = wish.channelNotifyUrl ?? own;
  if (!url) throw new ControlRefusal(400, "invalid_input", "this trade has no notify_url: give channelNotifyUrl");
  return url;
}
