import type { RouterOutputs } from "~/trpc/client";

export type ApplicationRow = RouterOutputs["facetoface"]["list"]["items"][number];
export type ApplicationDetail = RouterOutputs["facetoface"]["get"];

/** The number that people call it by: Alipay's once there is one. */
export const numberOf = (order: Pick<ApplicationRow, "id" | "batchNo" | "orderNo">): string => order.orderNo ?? order.batchNo ?? order.id;

/** Since when it stands where it stands, for whoever waits. */
export const waitingSince = (order: Pick<ApplicationRow, "createdAt" | "submittedAt" | "approvedAt" | "heldAt" | "status">): Date => {
  if (order.status === "merchant_confirm") return order.approvedAt ?? order.submittedAt ?? order.createdAt;
  if (order.status === "init") return order.createdAt;
  return order.heldAt ?? order.submittedAt ?? order.createdAt;
};
