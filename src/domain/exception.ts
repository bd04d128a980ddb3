import { defineMachine } from "~/lib/state-machine";

/** 异常资金: whatever does not fit becomes a case on a desk, never a log line. */
export const CASE_KINDS = ["paid_twice", "paid_after_close", "wrong_amount", "wrong_recipient", "unknown_order", "refund_unknown"] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export const caseMachine = defineMachine({
  states: ["open", "refunded", "attached", "dismissed"],
  initial: "open",
  transitions: {
    refund: { from: ["open"], to: "refunded" },
    attach: { from: ["open"], to: "attached" },
    dismiss: { from: ["open"], to: "dismissed" },
  },
});
export type CaseStatus = (typeof caseMachine.states)[number];
export type CaseEvent = keyof typeof caseMachine.transitions;

export const CASE_KIND_LABEL = {
  zh: {
    paid_twice: "重复支付",
    paid_after_close: "关单后到账",
    wrong_amount: "金额不符",
    wrong_recipient: "收款方不符",
    unknown_order: "未知订单",
    refund_unknown: "退款结果未知",
  },
  en: {
    paid_twice: "Paid twice",
    paid_after_close: "Paid after close",
    wrong_amount: "Wrong amount",
    wrong_recipient: "Wrong recipient",
    unknown_order: "Unknown order",
    refund_unknown: "Refund unknown",
  },
} satisfies Record<"zh" | "en", Record<CaseKind, string>>;

export const CASE_STATUS_LABEL = {
  zh: { open: "待处理", refunded: "已退款", attached: "已入账", dismissed: "已处理" },
  en: { open: "Open", refunded: "Refunded", attached: "Attached", dismissed: "Dismissed" },
} satisfies Record<"zh" | "en", Record<CaseStatus, string>>;

/** Why the house ended a case by itself; a person's reason is their own words. */
export const OWN_REASONS = ["confirmed_by_query", "order_found"] as const;
export type OwnReason = (typeof OWN_REASONS)[number];

/** What the desk proposes first. */
export const CASE_PROPOSAL: Record<CaseKind, "refund" | "attach" | "dismiss" | "query"> = {
  paid_twice: "refund",
  paid_after_close: "refund",
  wrong_amount: "refund",
  wrong_recipient: "dismiss",
  unknown_order: "attach",
  refund_unknown: "query",
};
