import { expect, it } from "vitest";
import type { ApplicationView } from "../../control/types";
import { sizeText, stageOf } from "./application-stage";

type Facts = Parameters<typeof stageOf>[0];
const open: Facts = { batchStatus: "init", orderStatus: null, isCorrected: false, endedBy: null };
const submitted = (orderStatus: string, extra: Partial<ApplicationView> = {}): Facts => ({
  ...open,
  batchStatus: "submit",
  orderStatus,
  ...extra,
});

it.each<[Facts, string]>([
  [open, "open"],
  [{ ...open, batchStatus: "cancel" }, "cancelled"],
  [{ ...open, batchStatus: "timeout" }, "timeout"],
  [submitted("MERCHANT_AUDITING"), "auditing"],
  [submitted("MERCHANT_INFO_HOLD"), "held"],
  [submitted("MERCHANT_INFO_HOLD", { isCorrected: true }), "corrected"],
  [submitted("MERCHANT_AUDITING", { isCorrected: true }), "auditing"],
  [submitted("MERCHANT_CONFIRM"), "confirm"],
  [submitted("MERCHANT_CONFIRM_SUCCESS"), "success"],
  [submitted("MERCHANT_CONFIRM_TIME_OUT"), "confirm_timeout"],
  [submitted("MERCHANT_APPLY_ORDER_CANCELED", { endedBy: "review" }), "rejected"],
  [submitted("MERCHANT_APPLY_ORDER_CANCELED", { endedBy: "merchant" }), "refused"],
])("%j is %s", (facts, stage) => {
  expect(stageOf(facts)).toBe(stage);
});

it("writes sizes as people read them", () => {
  expect([5_120, 6_000, 1024 * 1024 - 1, 5 * 1024 * 1024].map(sizeText)).toEqual(["5.0 KB", "5.9 KB", "1024.0 KB", "5.0 MB"]);
});
