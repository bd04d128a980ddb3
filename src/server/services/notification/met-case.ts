import type { CaseKind } from "~/domain/exception";
import { CASE_KIND_OF, MISFIT_CAUSES } from "~/domain/notification";
import type { exceptionCase } from "~/server/db/schema";
import type { Notification } from "./apply";

export type MetCase = Pick<typeof exceptionCase.$inferSelect, "kind" | "channelId" | "notificationId" | "outTradeNo">;

/** Whether a case is this message's own, or the one that a second message about the same order met. */
export function isAbout(one: MetCase, message: Pick<Notification, "id" | "state" | "cause" | "channelId" | "outTradeNo">): boolean {
  if (one.notificationId === message.id) return true;
  const sameOrder = one.channelId === message.channelId && one.outTradeNo !== null && one.outTradeNo === message.outTradeNo;
  return message.state === "misfit" && sameOrder && one.kind === kindOf(message.cause);
}

function kindOf(cause: string | null): CaseKind | null {
  const misfit = MISFIT_CAUSES.find((one) => one === cause);
  return misfit ? CASE_KIND_OF[misfit] : null;
}
