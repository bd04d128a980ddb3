import type { ApplicationView } from "../../control/types";
import type { Tone } from "../parts/show";

/** Where an application stands in a reviewer's eyes: batch and order together. */
export type Stage =
  | "open"
  | "cancelled"
  | "timeout"
  | "held"
  | "corrected"
  | "auditing"
  | "confirm"
  | "success"
  | "confirm_timeout"
  | "rejected"
  | "refused";

type Facts = Pick<ApplicationView, "batchStatus" | "orderStatus" | "isCorrected" | "endedBy">;

export function stageOf({ batchStatus, orderStatus, isCorrected, endedBy }: Facts): Stage {
  switch (orderStatus) {
    case "MERCHANT_INFO_HOLD":
      return isCorrected ? "corrected" : "held";
    case "MERCHANT_CONFIRM":
      return "confirm";
    case "MERCHANT_CONFIRM_SUCCESS":
      return "success";
    case "MERCHANT_CONFIRM_TIME_OUT":
      return "confirm_timeout";
    case "MERCHANT_APPLY_ORDER_CANCELED":
      return endedBy === "merchant" ? "refused" : "rejected";
    case null:
      return batchStatus === "cancel" ? "cancelled" : batchStatus === "timeout" ? "timeout" : "open";
    default:
      return "auditing";
  }
}

export const STAGE_TONES: Record<Stage, Tone> = {
  open: "neutral",
  cancelled: "off",
  timeout: "off",
  held: "wait",
  corrected: "wait",
  auditing: "busy",
  confirm: "wait",
  success: "ok",
  confirm_timeout: "bad",
  rejected: "bad",
  refused: "bad",
};

/** `5.9 KB`, `5.0 MB`. */
export const sizeText = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
