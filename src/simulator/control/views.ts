import { METHODS } from "../alipay/methods";
import { certificateSn } from "../alipay/sign";
import { refundedSum } from "../alipay/trade";
import type { Target } from "../buyer";
import { alipayWayBack } from "../cashier/way-back";
import type { AttemptRecord, Delivery, WechatRefund } from "../state";
import { BILL_ROUTES } from "../statement/routes";
import { payeeOf } from "../target";
import { ROUTE_NAMES } from "../wechat/api";
import { refundsOf } from "../wechat/refunds";
import type { World } from "../world";
import type { AccountView, AttemptView, ClockView, DeliveryView, FaultsOutput, RefundView, SeenTrade, StateView, TradeView } from "./types";

const LIST_MAX = 200;
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function tradeView(world: World, target: Target): TradeView {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  const own =
    target.provider === "alipay"
      ? {
          provider: "alipay" as const,
          account: target.trade.appId,
          tradeNo: target.trade.tradeNo,
          product: target.trade.product,
          state: target.trade.status,
          subject: target.trade.subject,
          refunded: refundedSum(target.trade),
          buyer: target.trade.buyerId,
        }
      : {
          provider: "wechat" as const,
          account: target.order.mchid,
          tradeNo: target.order.transactionId,
          product: target.order.tradeType,
          state: target.order.state,
          subject: target.order.description,
          refunded: refundsOf(world, target.order)
            .filter(({ state }) => state !== "CLOSED")
            .reduce((sum, refund) => sum + refund.amount, 0n),
          buyer: target.order.payer ?? target.order.openid,
        };
  const { refunded, ...rest } = own;
  return {
    ...rest,
    payee: payeeOf(world, target),
    outTradeNo: facts.outTradeNo,
    amountFen: facts.amount.toString(),
    payerFen: facts.paidAt ? (facts.amount - facts.coupon).toString() : null,
    refundedFen: refunded.toString(),
    createdAt: facts.createdAt.toISOString(),
    expiresAt: facts.expiresAt.toISOString(),
    paidAt: iso(facts.paidAt),
    closedAt: iso(facts.closedAt),
    notifyUrl: facts.notifyUrl,
    cashierUrl: `/cashier/${facts.door}`,
    code: world.state.doors.get(facts.door)?.code ?? null,
  };
}

/** Signing a way back takes a millisecond, so only the one trade that a phone holds gets it. */
export const seenTrade = (world: World, target: Target): SeenTrade => ({
  ...tradeView(world, target),
  backUrl: target.provider === "alipay" ? alipayWayBack(world, target.trade) : null,
});

export const faultsView = (world: World): FaultsOutput => ({
  ...world.faults.view(),
  routes: { alipay: [...Object.keys(METHODS), BILL_ROUTES.alipay.download], wechat: [...ROUTE_NAMES] },
});

export const attemptView = (record: AttemptRecord): AttemptView => ({ ...record, at: record.at.toISOString() });

export const deliveryView = (delivery: Delivery): DeliveryView => ({
  id: delivery.id,
  provider: delivery.provider,
  account: delivery.account,
  what: delivery.what,
  outTradeNo: delivery.outTradeNo,
  url: delivery.url,
  state: delivery.state,
  dueAt: iso(delivery.dueAt),
  attempts: delivery.attempts.map(attemptView),
});

export const refundView = (refund: WechatRefund): RefundView => ({
  provider: "wechat",
  account: refund.mchid,
  outTradeNo: refund.outTradeNo,
  outRefundNo: refund.outRefundNo,
  amountFen: refund.amount.toString(),
  state: refund.state,
  createdAt: refund.createdAt.toISOString(),
  endedAt: iso(refund.endedAt),
});

export const clockView = (world: World): ClockView => ({
  now: world.now().toISOString(),
  offsetMs: world.clock?.offsetMs() ?? 0,
  movable: world.clock !== null,
});

function accountViews(world: World): AccountView[] {
  return [
    ...[...world.state.alipay.accounts.values()].map((account) => ({
      provider: "alipay" as const,
      account: account.appId,
      name: account.name,
      sellerId: account.sellerId,
      appCertSn: certificateSn(account.appCert),
      alipayCertSn: certificateSn(account.alipayCert),
    })),
    ...[...world.state.wechat.accounts.values()].map((account) => ({
      provider: "wechat" as const,
      account: account.mchid,
      name: account.name,
      appid: account.appid,
      merchantSerial: account.merchantSerial,
      keyMode: account.keyMode,
      percent: account.percent,
      keyIds: [account.publicKeyId, ...account.certificates.map(({ serial }) => serial)],
    })),
  ];
}

/** Everything at a glance; lists are cut at the newest 200. */
export function stateView(world: World): StateView {
  const { alipay, wechat, deliveries } = world.state;
  const targets: Target[] = [
    ...[...alipay.trades.values()].slice(-LIST_MAX).map((trade) => ({ provider: "alipay" as const, trade })),
    ...[...wechat.orders.values()].slice(-LIST_MAX).map((order) => ({ provider: "wechat" as const, order })),
  ];
  const newestFirst = (a: { createdAt: string }, b: { createdAt: string }) => b.createdAt.localeCompare(a.createdAt);
  const alipayRefunds = [...alipay.trades.values()].flatMap((trade) =>
    trade.refunds.map(
      (refund): RefundView => ({
        provider: "alipay",
        account: trade.appId,
        outTradeNo: trade.outTradeNo,
        outRefundNo: refund.outRequestNo,
        amountFen: refund.amount.toString(),
        state: "REFUND_SUCCESS",
        createdAt: refund.at.toISOString(),
        endedAt: refund.at.toISOString(),
      }),
    ),
  );
  return {
    accounts: accountViews(world),
    trades: targets
      .map((target) => tradeView(world, target))
      .sort(newestFirst)
      .slice(0, LIST_MAX),
    refunds: [...[...wechat.refunds.values()].map(refundView), ...alipayRefunds].sort(newestFirst).slice(0, LIST_MAX),
    deliveries: deliveries.slice(-LIST_MAX).reverse().map(deliveryView),
    pendingDeliveries: deliveries.filter(({ state }) => state === "pending").length,
    clock: clockView(world),
    journalLast: world.journal.last,
  };
}
