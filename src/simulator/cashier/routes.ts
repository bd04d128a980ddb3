import { beginTrade, refreshTrade } from "../alipay/trade";
import { isTimeoutAmount } from "../amounts";
import { type ActResult, act, BuyerRefusal, type Target } from "../buyer";
import { html, type Reply, redirect, type WireRequest } from "../http/wire";
import type { Door } from "../state";
import { payeeOf, targetBehind } from "../target";
import { refreshOrder } from "../wechat/order";
import { isMessageSignedBy, launchMessage } from "../wechat/sign";
import type { World } from "../world";
import { FONT_AREA, serveFont } from "./font";
import { cashierPage, type Ending, endPage, errorPage } from "./page";
import { alipayWayBack, webAddress } from "./way-back";

/**
 * The phone's side. `/qr/<token>` is an Alipay QR code, `/cgi-bin/mmpayweb-bin/checkmweb` a WeChat H5 address, `/jsapi` stands for
 * WeChat's own JSBridge (it checks paySign as WeChat does), and all of them lead to `/cashier/<token>`.
 */
export function serveCashier(world: World, request: WireRequest): Reply | null {
  const query = new URLSearchParams(request.query);
  const [, area, token = ""] = request.path.split("/");
  if (area === FONT_AREA) return serveFont(request.path);
  if (area === "qr") return redirect(`/cashier/${encodeURIComponent(token)}`);
  if (request.path === "/cgi-bin/mmpayweb-bin/checkmweb")
    return redirect(cashierPath(query.get("prepay_id") ?? "", query.get("redirect_url")));
  if (request.path === "/jsapi") return launch(world, query);
  if (area !== "cashier") return null;

  const door = world.state.doors.get(token);
  const target = door && targetBehind(world, door);
  if (!door || !target) return html(404, errorPage({ title: "二维码无效", code: "", detail: "没有找到这笔订单。请回到商家重新下单。" }));
  const back = webAddress(query.get("back"));
  if (request.method === "POST") return decide(world, request, door, target, back);
  return show(world, door, target, request.target, back);
}

function cashierPath(token: string, back: string | null): string {
  const address = webAddress(back);
  return `/cashier/${encodeURIComponent(token)}${address ? `?back=${encodeURIComponent(address)}` : ""}`;
}

/** A buyer's WeChat opens the cashier only for parameters that the merchant signed. */
function launch(world: World, query: URLSearchParams): Reply {
  const get = (name: string) => query.get(name) ?? "";
  const prepayId = /^prepay_id=(.+)$/.exec(get("package"))?.[1] ?? "";
  const door = world.state.doors.get(prepayId);
  const target = door && targetBehind(world, door);
  const account = target?.provider === "wechat" ? world.state.wechat.accounts.get(target.order.mchid) : undefined;
  const message = launchMessage({ appId: get("appId"), timeStamp: get("timeStamp"), nonceStr: get("nonceStr"), ticket: get("package") });
  const isGenuine =
    account !== undefined &&
    get("signType") === "RSA" &&
    get("appId") === account.appid &&
    isMessageSignedBy(message, get("paySign"), account.merchantPublicKey);
  world.note({
    kind: "buyer",
    provider: "wechat",
    account: account?.mchid ?? null,
    what: "jsapi launch",
    verdict: isGenuine ? "ok" : "支付验证签名失败",
    ok: isGenuine,
  });
  if (!isGenuine)
    return html(400, errorPage({ title: "支付验证签名失败", code: "paySign", detail: `待验签文本：${message.toString("utf8")}` }));
  return redirect(cashierPath(prepayId, query.get("redirect_url")));
}

function refresh(world: World, target: Target): void {
  if (target.provider === "wechat") refreshOrder(world, target.order);
  else refreshTrade(world, target.trade);
}

const isOver = (world: World, door: Door, target: Target): boolean =>
  world.now() >= door.expiresAt || world.now() >= (target.provider === "alipay" ? target.trade : target.order).expiresAt;

/** Opening the page of a QR code is the scan: from then on Alipay knows the trade. */
function show(world: World, door: Door, target: Target, action: string, back: string | null): Reply {
  refresh(world, target);
  const payee = payeeOf(world, target);
  const facts = target.provider === "alipay" ? target.trade : target.order;
  if (facts.paidAt) return html(200, endPage(target, payee, PAID, wayBack(world, target, back)));
  const isClosed = target.provider === "alipay" ? target.trade.status === "TRADE_CLOSED" : target.order.state === "CLOSED";
  if (isClosed) return html(200, endPage(target, payee, CLOSED, wayBack(world, target, back)));
  if (isOver(world, door, target)) return html(200, endPage(target, payee, OVER, wayBack(world, target, back)));
  if (target.provider === "alipay") beginTrade(world, target.trade);
  return html(200, cashierPage(target, payee, action));
}

function decide(world: World, request: WireRequest, door: Door, target: Target, back: string | null): Reply {
  const payee = payeeOf(world, target);
  const outcome = new URLSearchParams(request.body.toString("utf8")).get("outcome");
  if (outcome !== "pay" && outcome !== "cancel" && outcome !== "expire")
    return html(400, errorPage({ title: "请求无效", code: "", detail: "" }));
  if (outcome === "pay" && isOver(world, door, target)) return html(200, endPage(target, payee, OVER, wayBack(world, target, back)));
  let done: ActResult;
  try {
    done = act(world, target, { outcome });
  } catch (error) {
    if (error instanceof BuyerRefusal)
      return html(200, endPage(target, payee, { title: error.message, note: "没有再次扣款。", tone: "bad" }, wayBack(world, target, back)));
    throw error;
  }
  const facts = target.provider === "alipay" ? target.trade : target.order;
  const way = wayBack(world, target, back);
  if (done.result === "paid" && isTimeoutAmount(facts.amount)) return html(200, endPage(target, payee, UNKNOWN, null));
  if (done.result === "paid" && way) return redirect(way, 303);
  const leave = target.provider === "alipay" ? (target.trade.quitUrl ?? target.trade.returnUrl) : back;
  if (done.result === "cancelled") return html(200, endPage(target, payee, CANCELLED, webAddress(leave)));
  return html(200, endPage(target, payee, done.result === "paid" ? PAID : done.result === "declined" ? DECLINED : OVER, webAddress(leave)));
}

function wayBack(world: World, target: Target, back: string | null): string | null {
  return target.provider === "alipay" ? alipayWayBack(world, target.trade) : back;
}

const PAID: Ending = { title: "支付成功", note: "已付款，商家会收到通知。", tone: "ok" };
const CLOSED: Ending = { title: "订单已关闭", note: "没有扣款。请回到商家重新下单。", tone: "bad" };
const OVER: Ending = { title: "订单已超时", note: "没有扣款。请回到商家重新下单。", tone: "bad" };
const CANCELLED: Ending = { title: "已取消", note: "没有扣款。有效期内可以再次打开本页付款。", tone: "" };
const DECLINED: Ending = { title: "付款被拒绝", note: "账户余额不足，没有扣款。请换一种方式付款。", tone: "bad" };
const UNKNOWN: Ending = { title: "网络超时", note: "结果未知。可能已经扣款，请以商家订单状态为准。", tone: "bad" };
