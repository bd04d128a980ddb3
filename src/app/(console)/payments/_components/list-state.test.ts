import { describe, expect, it } from "vitest";
import { ListPayments } from "~/domain/payment-input";
import { countInput, exportInput, LIST_DEFAULTS, listInput, readListState } from "./list-state";

const state = (change: Partial<Record<keyof typeof LIST_DEFAULTS, string>>) => ({ ...LIST_DEFAULTS, ...change });

describe("listInput", () => {
  it("asks for the first page by default", () => {
    expect(listInput(LIST_DEFAULTS)).toEqual({ sort: "created", limit: 50 });
  });

  it("reads what fits and leaves out what somebody typed wrong", () => {
    const input = listInput(
      state({ q: " SO1 ", status: "gone", method: "alipay_qr", from: "2026-11-20", to: "yesterday", min: "100", max: "1.5", sort: "name" }),
    );

    expect(input).toEqual({ q: "SO1", method: "alipay_qr", from: "2026-11-20", minFen: 100n, sort: "created", limit: 50 });
    expect(ListPayments.safeParse(input).success).toBe(true);
  });

  it("counts the tabs without the tab that is open, and without the page", () => {
    expect(countInput(state({ status: "paid", provider: "wechat", after: "abc", page: "2" }))).toEqual({ provider: "wechat" });
  });
});

describe("exportInput", () => {
  it("travels as JSON and means the list's own filter", () => {
    const shown = state({ min: "100", max: "9999999999", status: "unknown", sort: "amount", after: "abc" });

    const sent = JSON.parse(JSON.stringify(exportInput(shown)));
    const { limit: _limit, cursor: _cursor, ...filter } = ListPayments.parse(listInput(shown));

    expect(ListPayments.omit({ limit: true, cursor: true }).parse(sent)).toEqual(filter);
  });
});

describe("readListState", () => {
  it("takes known names once and nothing else", () => {
    expect(readListState({ q: "A", status: ["paid", "closed"], evil: "1" })).toEqual(state({ q: "A" }));
  });
});
