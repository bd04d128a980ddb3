import { expect, it } from "vitest";
import type { TradeView } from "../../control/types";
import { stageOf, wayBackIn } from "./trade";

const now = new Date("2026-11-20T02:30:00.000Z");
const open: Pick<TradeView, "paidAt" | "closedAt" | "state" | "refundedFen" | "expiresAt"> = {
  paidAt: null,
  closedAt: null,
  state: "NOTPAY",
  refundedFen: "0",
  expiresAt: "2026-11-20T02:30:01.000Z",
};

it.each<[Partial<TradeView>, string]>([
  [{}, "open"],
  [{ expiresAt: now.toISOString() }, "expired"],
  [{ state: "TRADE_CLOSED" }, "closed"],
  [{ closedAt: now.toISOString() }, "closed"],
  [{ paidAt: now.toISOString(), expiresAt: now.toISOString() }, "paid"],
  [{ paidAt: now.toISOString(), refundedFen: "1" }, "refunded"],
])("a trade with %j is %s", (part, stage) => {
  expect(stageOf({ ...open, ...part } as TradeView, now)).toBe(stage);
});

it("takes the way back out of a link, and only a web address", () => {
  expect(wayBackIn("http://pay/checkmweb?prepay_id=wx1&redirect_url=https%3A%2F%2Fshop.example%2Fdone%3Fa%3D1")).toBe(
    "https://shop.example/done?a=1",
  );
  expect(wayBackIn("http://pay/checkmweb?redirect_url=javascript%3Aalert(1)")).toBeNull();
  expect(wayBackIn("weixin://wxpay/bizpayurl?pr=abc")).toBeNull();
});
