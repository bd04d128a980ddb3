"use client";

import { useNow } from "~/components/ui/clock";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { minutes } from "~/lib/time";
import { isHeld } from "./reasons";
import type { ApplicationDetail } from "./types";

type Story =
  | "saved"
  | "refused"
  | "submitted"
  | "held"
  | "auditing"
  | "slow"
  | "confirm"
  | "expiring"
  | "over"
  | "open"
  | "rejected"
  | "expired"
  | "withdrawn";

/** In one sentence: what happened, who acts next, until when. */
export function Standing({ order }: { order: ApplicationDetail }) {
  const t = useT("facetoface");
  const now = useNow(minutes(1));
  const story = storyOf(order, now);
  const until = story === "confirm" || story === "expiring" ? order.confirmExpiresAt : order.nextQueryAt;
  return (
    <p className="mt-2 max-w-prose text-md text-ink-2 [overflow-wrap:anywhere]">
      {t.rich(`standing.${story}`, {
        when: (text) => (until ? text : null),
        time: () => (until ? <Time at={until} kind="list" /> : null),
      })}
    </p>
  );
}

function storyOf(order: ApplicationDetail, now: Date): Story {
  switch (order.status) {
    case "init":
      return order.failureCode ? "refused" : "saved";
    case "submitted":
      return isHeld(order) ? "held" : order.attention === "audit_slow" ? "slow" : "submitted";
    case "merchant_auditing":
      return order.attention === "audit_slow" ? "slow" : "auditing";
    case "merchant_confirm":
      if (order.confirmExpiresAt && order.confirmExpiresAt <= now) return "over";
      return order.attention === "confirm_expiring" ? "expiring" : "confirm";
    case "success":
      return "open";
    case "closed":
      return order.closeReason === "rejected" ? "rejected" : order.closeReason === "confirm_expired" ? "expired" : "withdrawn";
  }
}
