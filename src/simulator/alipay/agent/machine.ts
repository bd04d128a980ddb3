import { defineMachine } from "~/lib/state-machine";

/** A transaction of agent signing (代商户签约事务): everything but `init` is final. */
export type AgentBatchStatus = "init" | "submit" | "cancel" | "timeout";

/** The application (申请单) that a confirmed transaction becomes. `MERCHANT_INFO_HOLD` alone leads back to the product call. */
export const agentOrderMachine = defineMachine({
  states: [
    "MERCHANT_AUDITING",
    "MERCHANT_INFO_HOLD",
    "MERCHANT_CONFIRM",
    "MERCHANT_CONFIRM_SUCCESS",
    "MERCHANT_CONFIRM_TIME_OUT",
    "MERCHANT_APPLY_ORDER_CANCELED",
  ],
  initial: "MERCHANT_AUDITING",
  transitions: {
    hold: { from: ["MERCHANT_AUDITING"], to: "MERCHANT_INFO_HOLD" },
    resubmit: { from: ["MERCHANT_INFO_HOLD"], to: "MERCHANT_AUDITING" },
    approve: { from: ["MERCHANT_AUDITING"], to: "MERCHANT_CONFIRM" },
    /** The pre-authorised mode: whoever ordered at the service market need not confirm again. */
    open: { from: ["MERCHANT_AUDITING"], to: "MERCHANT_CONFIRM_SUCCESS" },
    reject: { from: ["MERCHANT_AUDITING", "MERCHANT_INFO_HOLD"], to: "MERCHANT_APPLY_ORDER_CANCELED" },
    confirm: { from: ["MERCHANT_CONFIRM"], to: "MERCHANT_CONFIRM_SUCCESS" },
    refuse: { from: ["MERCHANT_CONFIRM"], to: "MERCHANT_APPLY_ORDER_CANCELED" },
    expire: { from: ["MERCHANT_CONFIRM"], to: "MERCHANT_CONFIRM_TIME_OUT" },
  },
});
export type AgentOrderStatus = (typeof agentOrderMachine.states)[number];
export type AgentOrderEvent = keyof typeof agentOrderMachine.transitions;
