import { days } from "~/lib/time";
import type { Provider } from "./provider";

/** What the doctor looks at, in the order of the page. */
export const CHECK_NAMES = {
  alipay: ["key_pair", "expiry", "gateway", "signature", "clock", "callback"],
  wechat: ["key_pair", "expiry", "gateway", "signature", "apiv3_key", "clock", "callback"],
} as const satisfies Record<Provider, readonly string[]>;
export type CheckName = (typeof CHECK_NAMES)[Provider][number];
export type Check = {
  name: CheckName;
  ok: boolean;
  /** Safe to show: fingerprints, statuses, serials, seconds. */
  evidence: string | null;
  /** Stable words that the screen puts into sentences. `ok` with a cause is a warning. */
  cause?: string;
  next?: string;
  ms: number;
};
export type CheckVerdict = "ok" | "warning" | "unproven" | "failed";

/** Only `failed` stands in the way of enabling: what cannot be proven before the first payment must not prevent it. */
export function verdictOf({ ok, cause }: Pick<Check, "ok" | "cause">): CheckVerdict {
  if (ok) return cause ? "warning" : "ok";
  return cause === "not_proven" ? "unproven" : "failed";
}

/** Days left, and how loudly to say it (design: more than 30 quiet, up to 7 alarming). */
export function expiryOf(notAfter: Date, now: Date): { daysLeft: number; tone: "quiet" | "warning" | "danger" } {
  const daysLeft = Math.floor((notAfter.getTime() - now.getTime()) / days(1));
  return { daysLeft, tone: daysLeft > 30 ? "quiet" : daysLeft > 7 ? "warning" : "danger" };
}
