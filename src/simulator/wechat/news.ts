import { beijingRfc3339 } from "~/lib/time";
import { enqueue } from "../notify/queue";
import type { Delivery, WechatOrder, WechatRefund } from "../state";
import type { World } from "../world";
import { jsonFen, transactionView } from "./order";

/** Only success is news: an unpaid, closed or expired order stays silent. */
export function notifyPaid(world: World, order: WechatOrder): Delivery {
  return enqueue(world, {
    provider: "wechat",
    account: order.mchid,
    outTradeNo: order.outTradeNo,
    what: "TRANSACTION.SUCCESS",
    url: order.notifyUrl,
    content: {
      provider: "wechat",
      id: crypto.randomUUID(),
      createTime: beijingRfc3339(world.now()),
      eventType: "TRANSACTION.SUCCESS",
      summary: "支付成功",
      originalType: "transaction",
      // As it was at that moment: a refund a minute later does not change the news of the payment.
      resource: { ...transactionView(order, false), trade_state: "SUCCESS", trade_state_desc: "支付成功" },
    },
  });
}

const REFUND_NEWS = {
  SUCCESS: ["REFUND.SUCCESS", "退款成功"],
  ABNORMAL: ["REFUND.ABNORMAL", "退款异常"],
  CLOSED: ["REFUND.CLOSED", "退款关闭"],
} as const;

export function notifyRefund(world: World, order: WechatOrder, refund: WechatRefund): Delivery | null {
  if (!refund.notifyUrl || refund.state === "PROCESSING") return null;
  const [eventType, summary] = REFUND_NEWS[refund.state];
  return enqueue(world, {
    provider: "wechat",
    account: refund.mchid,
    outTradeNo: refund.outTradeNo,
    what: eventType,
    url: refund.notifyUrl,
    content: {
      provider: "wechat",
      id: crypto.randomUUID(),
      createTime: beijingRfc3339(world.now()),
      eventType,
      summary,
      originalType: "refund",
      resource: {
        mchid: refund.mchid,
        out_trade_no: refund.outTradeNo,
        transaction_id: order.transactionId,
        out_refund_no: refund.outRefundNo,
        refund_id: refund.refundId,
        refund_status: refund.state,
        ...(refund.state === "SUCCESS" && refund.endedAt ? { success_time: beijingRfc3339(refund.endedAt) } : {}),
        user_received_account: "支付用户零钱",
        amount: {
          total: jsonFen(order.amount),
          refund: jsonFen(refund.amount),
          payer_total: jsonFen(order.amount - order.coupon),
          payer_refund: jsonFen(refund.amount),
        },
      },
    },
  });
}
