import {
  ASK_EVERY_MS,
  EVENT_OF_PROVIDER_STATE,
  type FacetofaceCloseReason,
  type FacetofaceEvent,
  type FacetofaceStatus,
  facetofaceMachine,
  type ProviderOrderState,
} from "./facetoface";

/** While an application stands here, Alipay is asked about it. */
export const ASKED_STATUSES = ["submitted", "merchant_auditing", "merchant_confirm"] as const satisfies readonly FacetofaceStatus[];
export const isAsked = (status: FacetofaceStatus): boolean => (ASKED_STATUSES as readonly string[]).includes(status);

export type Standing = { status: FacetofaceStatus; heldAt: Date | null; closeReason: FacetofaceCloseReason | null };

/**
 * What Alipay's word means for an application of ours: an event of the machine; the `same` as we know; `outdated` when it lies behind
 * what we know, as a slow copy of theirs may answer; `misfit` when the machine has no place for it, which somebody has to see.
 */
export type OrderNews = { kind: "event"; event: FacetofaceEvent } | { kind: "same" | "outdated" | "misfit" };

export function readProviderState(order: Standing, state: ProviderOrderState): OrderNews {
  if (stands(order, state)) return { kind: "same" };
  const event = EVENT_OF_PROVIDER_STATE[state];
  if (facetofaceMachine.can(order.status, event)) return { kind: "event", event };
  return { kind: PROGRESS[state] < progressOf(order) ? "outdated" : "misfit" };
}

/** Why Alipay's word closes an application. */
export const closeReasonOf = (state: ProviderOrderState): FacetofaceCloseReason =>
  state === "MERCHANT_CONFIRM_TIME_OUT" ? "confirm_expired" : "rejected";

/** Every four hours; sooner when the merchant's time runs out before that. */
export function nextAskAt(order: { status: FacetofaceStatus; confirmExpiresAt: Date | null }, now: Date): Date | null {
  if (!isAsked(order.status)) return null;
  const usual = now.getTime() + ASK_EVERY_MS;
  const expiry = order.status === "merchant_confirm" ? (order.confirmExpiresAt?.getTime() ?? usual) : usual;
  return new Date(expiry > now.getTime() && expiry < usual ? expiry : usual);
}

/** How far Alipay's words lie along the way. */
const PROGRESS: Record<ProviderOrderState, number> = {
  MERCHANT_INFO_HOLD: 1,
  MERCHANT_AUDITING: 1,
  MERCHANT_CONFIRM: 2,
  MERCHANT_CONFIRM_SUCCESS: 3,
  MERCHANT_CONFIRM_TIME_OUT: 3,
  MERCHANT_APPLY_ORDER_CANCELED: 3,
};

/** What is not submitted yet, or being corrected, lies ahead of any review that a late answer tells of. */
const progressOf = ({ status }: Standing): number =>
  facetofaceMachine.isFinal(status) ? 3 : status === "submitted" || status === "merchant_auditing" ? 1 : 2;

function stands({ status, heldAt, closeReason }: Standing, state: ProviderOrderState): boolean {
  switch (state) {
    case "MERCHANT_INFO_HOLD":
      return status === "submitted" && heldAt !== null;
    case "MERCHANT_AUDITING":
      return status === "merchant_auditing";
    case "MERCHANT_CONFIRM":
      return status === "merchant_confirm";
    case "MERCHANT_CONFIRM_SUCCESS":
      return status === "success";
    // What we withdrew may end at Alipay in either way.
    case "MERCHANT_CONFIRM_TIME_OUT":
      return closeReason === "confirm_expired" || closeReason === "withdrawn";
    case "MERCHANT_APPLY_ORDER_CANCELED":
      return closeReason === "rejected" || closeReason === "withdrawn";
  }
}
