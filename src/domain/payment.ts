import { defineMachine } from "~/lib/state-machine";
import { days, minutes, seconds } from "~/lib/time";

/** 支付单: what a buyer owes. */
export const paymentMachine = defineMachine({
  states: ["pending", "paid", "refunding", "partially_refunded", "refunded", "closed"],
  initial: "pending",
  transitions: {
    settle: { from: ["pending"], to: "paid" },
    close: { from: ["pending"], to: "closed" },
    refund_start: { from: ["paid", "partially_refunded"], to: "refunding" },
    refund_part: { from: ["refunding"], to: "partially_refunded" },
    refund_all: { from: ["refunding"], to: "refunded" },
    refund_fail: { from: ["refunding"], to: "paid" },
  },
});
export type PaymentStatus = (typeof paymentMachine.states)[number];
export type PaymentEvent = keyof typeof paymentMachine.transitions;

export const CLOSE_REASONS = ["expired", "cancelled"] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** 支付流水: one attempt at one channel by one method. `unknown` is a state of its own: perhaps created there. */
export const transactionMachine = defineMachine({
  states: ["created", "awaiting", "succeeded", "closed", "failed", "unknown"],
  initial: "created",
  transitions: {
    launch: { from: ["created", "unknown"], to: "awaiting" },
    doubt: { from: ["created", "awaiting"], to: "unknown" },
    succeed: { from: ["created", "awaiting", "unknown"], to: "succeeded" },
    /** Money that arrives on an attempt we had given up: never peace, always a case. */
    succeed_late: { from: ["closed", "failed"], to: "succeeded" },
    close: { from: ["created", "awaiting", "unknown"], to: "closed" },
    fail: { from: ["created", "unknown"], to: "failed" },
  },
});
export type TransactionStatus = (typeof transactionMachine.states)[number];
export type TransactionEvent = keyof typeof transactionMachine.transitions;

/** Attempts that may still turn into money. */
export const OPEN_TRANSACTION_STATUSES: readonly TransactionStatus[] = ["created", "awaiting", "unknown"];

/** 资金标: where the money is; never merged with what the order is. */
export type Movement = "none" | "in" | "unknown" | "back";

export function transactionMovement(status: TransactionStatus): Movement {
  if (status === "succeeded") return "in";
  return status === "unknown" ? "unknown" : "none";
}

export function paymentMovement(payment: { status: PaymentStatus; openCases: number; inDoubt: boolean }): Movement {
  if (payment.status === "refunded") return "back";
  if (payment.openCases > 0) return "unknown";
  if (payment.status !== "pending" && payment.status !== "closed") return "in";
  return payment.inDoubt ? "unknown" : "none";
}

/** Accounts of the books. Every booking sums to zero over them. */
export const ACCOUNTS = ["clearing", "orders", "at_risk"] as const;
export type Account = (typeof ACCOUNTS)[number];

/** A checkout lives half an hour unless the caller says otherwise. */
export const EXPIRES_AFTER_MS = minutes(30);
export const EXPIRES_AFTER_MIN_MS = minutes(1);
/** Alipay's longest `timeout_express` is 15 days, WeChat closes by itself after 7. */
export const EXPIRES_AFTER_MAX_MS = days(7);

/** An attempt is asked about on this schedule, whether or not a callback comes; the last gap repeats until it ends. */
export const QUERY_GAPS_MS = [seconds(15), seconds(30), minutes(1), minutes(2), minutes(5), minutes(10), minutes(30)] as const;
/** While the outcome is unknown, people wait: ask every half minute. */
export const QUERY_UNKNOWN_GAP_MS = seconds(30);

export function nextQueryGapMs(status: TransactionStatus, queryCount: number): number {
  if (status === "unknown") return QUERY_UNKNOWN_GAP_MS;
  return QUERY_GAPS_MS[Math.min(queryCount, QUERY_GAPS_MS.length - 1)] ?? QUERY_UNKNOWN_GAP_MS;
}

export const PAYMENT_STATUS_LABEL = {
  zh: { pending: "待支付", paid: "已支付", refunding: "退款中", partially_refunded: "部分退款", refunded: "已退款", closed: "已关闭" },
  en: {
    pending: "Pending",
    paid: "Paid",
    refunding: "Refunding",
    partially_refunded: "Partly refunded",
    refunded: "Refunded",
    closed: "Closed",
  },
} satisfies Record<"zh" | "en", Record<PaymentStatus, string>>;

export const TRANSACTION_STATUS_LABEL = {
  zh: { created: "处理中", awaiting: "待支付", succeeded: "成功", closed: "已关闭", failed: "支付失败", unknown: "结果未知" },
  en: { created: "Starting", awaiting: "Awaiting", succeeded: "Succeeded", closed: "Closed", failed: "Failed", unknown: "Unknown" },
} satisfies Record<"zh" | "en", Record<TransactionStatus, string>>;
