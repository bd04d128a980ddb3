import { ASK_BY_HAND_GAP_MS, type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";
import { isAsked } from "~/domain/facetoface-news";
import type { Rights } from "./rights";

/** Why something may not be done now; null when it may. */
export type Reason =
  | "role"
  | "ended"
  | "opened"
  | "notSubmitted"
  | "tooSoon"
  | "noLink"
  | "linkExpired"
  | "inReview"
  | "approved"
  | "nothingWrong"
  | "notEnded"
  | null;

export type Standing = {
  status: FacetofaceStatus;
  failureCode: string | null;
  heldAt: Date | null;
  confirmUrl: string | null;
  confirmExpiresAt: Date | null;
  lastQueryAt: Date | null;
};

/** What may be done with an application, from its machine and the person's role: the same rules that the services enforce. */
export function reasonsOf(order: Standing, rights: Pick<Rights, "write">, now: Date) {
  const role: Reason = rights.write ? null : "role";
  const ended: Reason = facetofaceMachine.isFinal(order.status) ? "ended" : null;
  const refused = order.status === "init" && order.failureCode !== null;
  const link = linkReason(order, now);
  return {
    query: role ?? ended ?? queryReason(order, now),
    /** Showing the link, which whoever reads may do. */
    link,
    remind: role ?? link,
    withdraw: role ?? ended ?? withdrawReason(order),
    revise: role ?? (isHeld(order) || refused ? null : "nothingWrong"),
    resume: role ?? (refused ? null : "nothingWrong"),
    reapply: role ?? (order.status === "closed" ? null : order.status === "success" ? "opened" : "notEnded"),
  } satisfies Record<string, Reason>;
}
export type Reasons = ReturnType<typeof reasonsOf>;

export const isHeld = ({ status, heldAt }: Pick<Standing, "status" | "heldAt">): boolean => status === "submitted" && heldAt !== null;

function queryReason({ status, lastQueryAt }: Standing, now: Date): Reason {
  if (!isAsked(status)) return "notSubmitted";
  return lastQueryAt && now.getTime() - lastQueryAt.getTime() < ASK_BY_HAND_GAP_MS ? "tooSoon" : null;
}

function linkReason({ status, confirmUrl, confirmExpiresAt }: Standing, now: Date): Reason {
  if (status !== "merchant_confirm" || !confirmUrl) return "noLink";
  return confirmExpiresAt && confirmExpiresAt <= now ? "linkExpired" : null;
}

function withdrawReason(order: Standing): Reason {
  if (order.status === "init" || isHeld(order)) return null;
  return order.status === "merchant_confirm" ? "approved" : "inReview";
}
