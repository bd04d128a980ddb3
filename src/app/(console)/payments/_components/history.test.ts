import { describe, expect, it } from "vitest";
import { paymentMachine, transactionMachine } from "~/domain/payment";
import { fen } from "~/lib/money";
import type { HistoryEvent, PaymentDetail } from "./detail";
import { stepsOf } from "./history";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 2, 28, seconds));
let count = 0;
const event = (type: string, subject: string, seconds: number, details: Record<string, unknown> = {}) =>
  ({
    id: `evt_${++count}`,
    type,
    subject,
    actorKind: "provider",
    actorId: "chn_1",
    actorName: null,
    at: at(seconds),
    details,
  }) as unknown as HistoryEvent;

const detail = (history: HistoryEvent[], cases: PaymentDetail["cases"] = []) =>
  ({
    payment: { amountFen: fen(4_200_000n), expiresAt: at(59) },
    attempts: [
      { id: "txn_w", method: "wechat_native" },
      { id: "txn_a", method: "alipay_qr" },
    ],
    cases,
    history,
  }) as unknown as PaymentDetail;

describe("stepsOf", () => {
  it("tells a success and the settling it caused as one step, with the way to its message", () => {
    const steps = stepsOf(
      detail([
        event("payment.settle", "pay_1", 40, { transactionId: "txn_a", amountFen: "4200000" }),
        event("transaction.succeed", "txn_a", 40, { notificationId: "ntf_1", source: "notification", amountFen: "4200000" }),
        event("transaction.create", "txn_a", 20, { method: "alipay_qr" }),
        event("transaction.create", "txn_w", 10, { method: "wechat_native" }),
        event("payment.create", "pay_1", 0),
      ]),
    );

    expect(steps.map(({ kind, method, movement, messageId }) => [kind, method, movement, messageId])).toEqual([
      ["settle", "alipay_qr", "in", "ntf_1"],
      ["attempt", "alipay_qr", "none", null],
      ["attempt", "wechat_native", "none", null],
      ["create", null, "none", null],
    ]);
    expect(steps[0]).toMatchObject({ source: "notification", amountFen: 4_200_000n });
    expect(steps.slice(1, 3)).toMatchObject([{ first: false }, { first: true }]);
  });

  it("shows money that found no order as uncertain, with its case above it", () => {
    const steps = stepsOf(
      detail(
        [
          event("transaction.succeed_late", "txn_w", 30, { amountFen: "880000" }),
          event("transaction.close", "txn_w", 20, { atProvider: "closed" }),
        ],
        [{ id: "cas_1", kind: "paid_after_close", status: "open", amountFen: fen(880_000n), expectedFen: null, openedAt: at(30) }] as never,
      ),
    );

    expect(steps).toMatchObject([
      { kind: "case", caseId: "cas_1", movement: "unknown", open: true },
      { kind: "succeed_late", movement: "unknown", amountFen: 880_000n },
      { kind: "close_attempt", movement: "none", atProvider: "closed" },
    ]);
  });

  it("has words for everything that the machines may do to a payment and its attempts", () => {
    const types = [
      ...["create", "cancel_request", ...Object.keys(paymentMachine.transitions).filter((name) => !name.startsWith("refund"))].map(
        (name) => `payment.${name}`,
      ),
      ...["create", ...Object.keys(transactionMachine.transitions)].map((name) => `transaction.${name}`),
    ];

    const untold = types.filter((type) => stepsOf(detail([event(type, "txn_a", 0)]))[0]?.kind === "other");

    expect(untold).toEqual([]);
  });

  it("reads details that are missing or of another shape without falling over", () => {
    expect(stepsOf(detail([{ ...event("transaction.doubt", "txn_a", 0), details: null as never }]))).toMatchObject([
      { kind: "doubt", code: "" },
    ]);
    expect(stepsOf(detail([event("transaction.succeed", "txn_w", 0, { amountFen: 12 })]))).toMatchObject([{ amountFen: 4_200_000n }]);
  });
});
