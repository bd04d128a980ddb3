import { defineMachine } from "~/lib/state-machine";
import { days, hours, minutes, seconds } from "~/lib/time";

/** 当面付代开通申请单: a merchant for whom we apply for face-to-face payment at Alipay (seed: pay_facetoface_order). */
export const facetofaceMachine = defineMachine({
  states: ["init", "submitted", "merchant_auditing", "merchant_confirm", "success", "closed"],
  initial: "init",
  transitions: {
    submit: { from: ["init"], to: "submitted" },
    audit: { from: ["submitted"], to: "merchant_auditing" },
    /** MERCHANT_INFO_HOLD: Alipay waits for a correction in the same batch. */
    hold: { from: ["submitted", "merchant_auditing"], to: "submitted" },
    /** Somebody corrected what was held: it is signed and confirmed again. */
    revise: { from: ["submitted"], to: "init" },
    approve: { from: ["submitted", "merchant_auditing"], to: "merchant_confirm" },
    open: { from: ["submitted", "merchant_auditing", "merchant_confirm"], to: "success" },
    close: { from: ["init", "submitted", "merchant_auditing", "merchant_confirm"], to: "closed" },
  },
});
export type FacetofaceStatus = (typeof facetofaceMachine.states)[number];
export type FacetofaceEvent = keyof typeof facetofaceMachine.transitions;

/** Why an application ended without being opened. Alipay has one word for a refusal by review and by the merchant; its reason tells. */
export const FACETOFACE_CLOSE_REASONS = ["rejected", "confirm_expired", "withdrawn"] as const;
export type FacetofaceCloseReason = (typeof FACETOFACE_CLOSE_REASONS)[number];

/**
 * How far a submission has come. Each is stored before its call (`…ing`) and after it, so that whoever goes on after a crash knows
 * what may have happened at Alipay.
 */
export const SUBMIT_STEPS = ["new", "creating", "created", "signing", "signed", "confirming", "confirmed"] as const;
export type SubmitStep = (typeof SUBMIT_STEPS)[number];

/** Alipay's own words for an application, kept beside ours. */
export const PROVIDER_ORDER_STATES = [
  "MERCHANT_INFO_HOLD",
  "MERCHANT_AUDITING",
  "MERCHANT_CONFIRM",
  "MERCHANT_CONFIRM_SUCCESS",
  "MERCHANT_CONFIRM_TIME_OUT",
  "MERCHANT_APPLY_ORDER_CANCELED",
] as const;
export type ProviderOrderState = (typeof PROVIDER_ORDER_STATES)[number];

/** What Alipay's word makes of an application of ours. */
export const EVENT_OF_PROVIDER_STATE = {
  MERCHANT_INFO_HOLD: "hold",
  MERCHANT_AUDITING: "audit",
  MERCHANT_CONFIRM: "approve",
  MERCHANT_CONFIRM_SUCCESS: "open",
  MERCHANT_CONFIRM_TIME_OUT: "close",
  MERCHANT_APPLY_ORDER_CANCELED: "close",
} as const satisfies Record<ProviderOrderState, FacetofaceEvent>;

/** How a batch of ours ended at Alipay; null while it is open. */
export const BATCH_ENDS = ["submitted", "cancelled", "expired"] as const;
export type BatchEnd = (typeof BATCH_ENDS)[number];

/** A batch dies an hour after it was created (alipay.open.agent.create). */
export const BATCH_LIVES_MS = hours(1);
/** With less than this left, a new batch is begun rather than this one finished: five pictures may take minutes to send. */
export const BATCH_SPARE_MS = minutes(5);

/** Alipay reviews for hours: ask once early, in case of a quick refusal, then rarely. */
export const ASK_FIRST_AFTER_MS = minutes(5);
export const ASK_EVERY_MS = hours(4);
/** After a question that brought no answer. */
export const ASK_AGAIN_MS = minutes(10);
/** People may ask by hand once in this time for one application. */
export const ASK_BY_HAND_GAP_MS = seconds(30);
/** In audit for longer than this, somebody should look. */
export const AUDIT_SLOW_AFTER_MS = days(1);
/** The merchant must confirm within 15 days. */
export const CONFIRM_LIVES_MS = days(15);
/** With less than this left, somebody should remind the merchant. */
export const CONFIRM_EXPIRING_MS = days(3);

/** Pictures of an application, by their names at Alipay without `_pic`. */
export const FACETOFACE_PICTURES = [
  "business_license",
  "business_license_auth",
  "shop_scene",
  "shop_sign_board",
  "special_license",
] as const;
export type FacetofacePicture = (typeof FACETOFACE_PICTURES)[number];

/** What needs a person, most urgent first. */
export const FACETOFACE_ATTENTIONS = ["submit_failed", "held", "confirm_expiring", "audit_slow"] as const;
export type FacetofaceAttention = (typeof FACETOFACE_ATTENTIONS)[number];

export type AttentionFacts = {
  status: FacetofaceStatus;
  failureCode: string | null;
  heldAt: Date | null;
  submittedAt: Date | null;
  confirmExpiresAt: Date | null;
};

/** Why this application needs a person now; null when it does not. `services/facetoface/attention.ts` says the same in SQL. */
export function attentionOf(order: AttentionFacts, now: Date): FacetofaceAttention | null {
  if (order.status === "init" && order.failureCode) return "submit_failed";
  if (order.status === "submitted" && order.heldAt) return "held";
  const at = now.getTime();
  if (order.status === "merchant_confirm" && order.confirmExpiresAt && order.confirmExpiresAt.getTime() - at <= CONFIRM_EXPIRING_MS)
    return "confirm_expiring";
  const inAudit = order.status === "submitted" || order.status === "merchant_auditing";
  return inAudit && order.submittedAt && at - order.submittedAt.getTime() >= AUDIT_SLOW_AFTER_MS ? "audit_slow" : null;
}

export const FACETOFACE_STATUS_LABEL = {
  zh: {
    init: "待提交",
    submitted: "已提交",
    merchant_auditing: "审核中",
    merchant_confirm: "待商家确认",
    success: "开通成功",
    closed: "已关闭",
  },
  en: {
    init: "Not submitted",
    submitted: "Submitted",
    merchant_auditing: "In review",
    merchant_confirm: "Awaiting merchant",
    success: "Open",
    closed: "Closed",
  },
} satisfies Record<"zh" | "en", Record<FacetofaceStatus, string>>;
