import { describe, expect, it } from "vitest";
import { OrderNoSchema } from "~/domain/payment-input";
import { newId } from "~/lib/id";
import { fen } from "~/lib/money";
import { requestMaker, suggestOrderNo } from "./new-payment-form";
import type { NewPaymentValues } from "./new-payment-schema";

const now = new Date("2026-11-20T02:41:33Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const values: NewPaymentValues = { orderNo: "SO1", subject: "产线改造", amountFen: fen(4_200_000n), expiry: "30", channelId: "" };

describe("requestMaker", () => {
  it("IDEM-01 repeats the very same request until something is changed", () => {
    const make = requestMaker();

    const first = make(values, now);
    const again = make({ ...values }, later(40));
    const other = make({ ...values, amountFen: fen(1n) }, later(50));

    expect(again).toBe(first);
    expect(first.expiresAt).toEqual(later(1_800));
    expect(other.idempotencyKey).not.toBe(first.idempotencyKey);
  });

  it("leaves the channel to the buyer unless one was chosen", () => {
    const channelId = newId("channel");

    expect(requestMaker()(values, now).channelId).toBeNull();
    expect(requestMaker()({ ...values, channelId }, now).channelId).toBe(channelId);
  });
});

describe("suggestOrderNo", () => {
  it("names the moment in Beijing and fits what providers take", () => {
    expect(suggestOrderNo(now)).toMatch(/^SO20261120104133[0-9A-Z]{2}$/);
    expect(OrderNoSchema.safeParse(suggestOrderNo(now)).success).toBe(true);
  });
});
