import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { OPEN_TRANSACTION_STATUSES, type PaymentStatus, paymentMachine, type TransactionStatus, transactionMachine } from "./payment";
import { type Books, judgeTrade, type Source, type TradeNews } from "./settlement";

const NO_LIMIT = fen(10_000_000_000n);

const paid: TradeNews = {
  state: "paid",
  amount: fen(8_800n),
  refunded: null,
  currency: "CNY",
  appId: "2021000000000001",
  sellerId: "2088000000000001",
  providerTradeNo: "2026112022001",
};

function books(transaction: Partial<Books["transaction"]> = {}, payment: Partial<Books["payment"]> = {}, tradeNoTaken = false): Books {
  return {
    transaction: {
      id: "txn_1",
      status: "awaiting",
      amount: fen(8_800n),
      appId: "2021000000000001",
      sellerId: "2088000000000001",
      providerTradeNo: null,
      launched: true,
      ...transaction,
    },
    payment: { status: "pending", amount: fen(8_800n), paidTransactionId: null, ...payment },
    tradeNoTaken,
  };
}

describe("a success", () => {
  it.each(OPEN_TRANSACTION_STATUSES)("settles a pending payment whose attempt is %s", (status) => {
    expect(judgeTrade(paid, books({ status }), "notification", NO_LIMIT)).toEqual({ kind: "settle" });
  });

  it("is at risk when another attempt has paid already", () => {
    expect(judgeTrade(paid, books({}, { status: "paid", paidTransactionId: "txn_2" }), "notification", NO_LIMIT)).toEqual({
      kind: "at_risk",
      caseKind: "paid_twice",
    });
  });

  it("is at risk when the payment was closed before, also on an attempt given up", () => {
    expect(judgeTrade(paid, books({ status: "closed" }, { status: "closed" }), "query", NO_LIMIT)).toEqual({
      kind: "at_risk",
      caseKind: "paid_after_close",
    });
  });

  it("that is known already changes nothing", () => {
    const known = books({ status: "succeeded", providerTradeNo: paid.providerTradeNo }, { status: "paid", paidTransactionId: "txn_1" });

    expect(judgeTrade(paid, known, "notification", NO_LIMIT)).toEqual({ kind: "nothing" });
  });

  it("CB-11 above the tenant's limit waits for the provider's own answer, and settles on it", () => {
    const limit = fen(8_799n);

    expect(judgeTrade(paid, books(), "notification", limit)).toEqual({ kind: "confirm_first" });
    expect(judgeTrade(paid, books(), "query", limit)).toEqual({ kind: "settle" });
  });
});

describe("CB-05 what does not fit is not believed", () => {
  it.each([
    ["another app", { appId: "2021000000000009" }, "wrong_recipient"],
    ["another seller", { sellerId: "2088000000000009" }, "wrong_recipient"],
    ["an amount off by one fen", { amount: fen(8_799n) }, "wrong_amount"],
    ["another currency", { currency: "USD" }, "wrong_amount"],
    ["no amount", { amount: null }, "wrong_amount"],
  ])("from a callback with %s", (_name, change, caseKind) => {
    expect(judgeTrade({ ...paid, ...change }, books(), "notification", NO_LIMIT)).toMatchObject({ kind: "misfit", caseKind });
  });

  it("with a trade number that stands on another attempt", () => {
    expect(judgeTrade(paid, books({}, {}, true), "notification", NO_LIMIT)).toMatchObject({ kind: "misfit", caseKind: "unknown_order" });
  });

  it("but an amount that the provider itself confirms is booked at risk", () => {
    expect(judgeTrade({ ...paid, amount: fen(8_799n) }, books(), "query", NO_LIMIT)).toEqual({ kind: "at_risk", caseKind: "wrong_amount" });
  });

  it("whatever else a message for somebody else says", () => {
    for (const state of ["waiting", "paid", "closed", "refunded", "absent"] as const) {
      expect(judgeTrade({ ...paid, state, sellerId: "2088000000000009" }, books(), "notification", NO_LIMIT).kind).toBe("misfit");
    }
  });
});

describe("CB-10 a refund", () => {
  it("is neither a new payment nor an unpaid close", () => {
    const known = books({ status: "succeeded", providerTradeNo: paid.providerTradeNo }, { status: "paid", paidTransactionId: "txn_1" });

    expect(judgeTrade({ ...paid, state: "refunded", refunded: fen(100n) }, known, "query", NO_LIMIT)).toEqual({ kind: "nothing" });
  });
});

describe("absence", () => {
  const absent: TradeNews = { ...paid, state: "absent", amount: null, appId: null, sellerId: null, currency: null, providerTradeNo: null };

  it("ends an attempt of which we were not sure that it was ever made", () => {
    expect(judgeTrade(absent, books({ status: "unknown", launched: false }), "query", NO_LIMIT)).toEqual({ kind: "fail" });
  });

  it("that nobody signed for does not end one that a buyer may hold in hand", () => {
    const claimed: TradeNews = { ...absent, unverified: true };

    expect(judgeTrade(claimed, books({ status: "unknown", launched: true }), "query", NO_LIMIT)).toEqual({ kind: "nothing" });
  });

  it("is the normal case of a code that nobody has scanned", () => {
    expect(judgeTrade(absent, books(), "query", NO_LIMIT)).toEqual({ kind: "nothing" });
  });
});

it("never settles anything but an exact, open, pending, unambiguous success", () => {
  const news: fc.Arbitrary<TradeNews> = fc.record({
    state: fc.constantFrom("waiting", "paid", "closed", "refunded", "absent"),
    amount: fc.constantFrom(null, fen(8_800n), fen(8_799n), fen(8_801n)),
    refunded: fc.constant(null),
    currency: fc.constantFrom(null, "CNY", "USD"),
    appId: fc.constantFrom(null, "2021000000000001", "2021000000000009"),
    sellerId: fc.constantFrom(null, "2088000000000001", "2088000000000009"),
    providerTradeNo: fc.constantFrom(null, "2026112022001", "2026112022002"),
  });
  const stand: fc.Arbitrary<Books> = fc
    .record({
      status: fc.constantFrom<TransactionStatus>(...transactionMachine.states),
      payment: fc.constantFrom<PaymentStatus>(...paymentMachine.states),
      taken: fc.boolean(),
    })
    .map(({ status, payment, taken }) => books({ status }, { status: payment }, taken));

  fc.assert(
    fc.property(news, stand, fc.constantFrom<Source>("notification", "query"), (said, stands, source) => {
      const verdict = judgeTrade(said, stands, source, NO_LIMIT);
      if (verdict.kind !== "settle") return;
      expect(["paid", "refunded"]).toContain(said.state);
      expect(said.amount).toBe(stands.transaction.amount);
      expect(said.appId ?? stands.transaction.appId).toBe(stands.transaction.appId);
      expect(said.sellerId ?? stands.transaction.sellerId).toBe(stands.transaction.sellerId);
      expect(stands.payment.status).toBe("pending");
      expect(stands.transaction.status).not.toBe("succeeded");
      expect(stands.tradeNoTaken).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
