import { expect, it } from "vitest";
import { fen } from "~/lib/money";
import { decodeState, encodeState } from "./snapshot";
import { emptyState } from "./state";

it("brings back amounts, instants and maps as they were", () => {
  const state = emptyState();
  const at = new Date("2026-03-01T00:00:00.123Z");
  state.doors.set("t", { provider: "wechat", key: "1/2", kind: "h5", code: null, expiresAt: at });
  state.wechat.refunds.set("m/r", {
    mchid: "m",
    outTradeNo: "o",
    outRefundNo: "r",
    refundId: "i",
    amount: fen(12_345_678_901_234_567n),
    reason: '{"$fen":"1"}',
    notifyUrl: null,
    state: "PROCESSING",
    createdAt: at,
    endedAt: null,
  });

  expect(decodeState(encodeState(state))).toEqual(state);
});
