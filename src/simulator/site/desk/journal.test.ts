import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../control/types";
import { filterJournal, mergeJournal } from "./journal-filter";
import { brokenIntoLines } from "./journal-text";

const entry = (seq: number, part: Partial<JournalEntry> = {}): JournalEntry => ({
  seq,
  at: "2026-11-20T02:42:00.000Z",
  kind: "request",
  provider: "alipay",
  account: "2021000000000001",
  what: "alipay.trade.query",
  outTradeNo: `pay_${seq}`,
  verdict: "ok",
  ok: true,
  httpStatus: 200,
  ms: 1,
  fault: null,
  warnings: [],
  request: "",
  response: "",
  signedText: null,
  ...part,
});
const ALL = { text: "", kinds: ["request", "message", "buyer", "control"], troubleOnly: false } as const;
const seqs = (entries: readonly JournalEntry[]) => entries.map(({ seq }) => seq);

describe("mergeJournal", () => {
  it("adds what is new in order, once, whatever came in which way", () => {
    const known = [entry(1), entry(2)];
    expect(seqs(mergeJournal(known, [entry(4), entry(2), entry(3), entry(4)]))).toEqual([1, 2, 3, 4]);
  });

  it("keeps the newest thousand", () => {
    const many = Array.from({ length: 1_200 }, (_, index) => entry(index + 1));
    const merged = mergeJournal([], many);
    expect([merged.length, merged[0]?.seq, merged.at(-1)?.seq]).toEqual([1_000, 201, 1_200]);
  });
});

describe("filterJournal", () => {
  it("shows the newest first and holds back what came after", () => {
    expect(seqs(filterJournal([entry(1), entry(2), entry(3)], ALL, 2))).toEqual([2, 1]);
  });

  it("finds an order's number, a method, an account, a verdict or a fault, in either case", () => {
    const entries = [
      entry(1, { outTradeNo: "SO2026" }),
      entry(2, { what: "alipay.trade.refund" }),
      entry(3, { verdict: "ACQ.TRADE_NOT_EXIST", ok: false }),
      entry(4, { fault: "html502" }),
    ];
    const found = (text: string) => seqs(filterJournal(entries, { ...ALL, text }, null));
    expect([found("so2026"), found("REFUND"), found("not_exist"), found(" html ")]).toEqual([[1], [2], [3], [4]]);
  });

  it("counts a buyer who gives up as no trouble", () => {
    const entries = [entry(1, { kind: "buyer", ok: false }), entry(2, { ok: false })];
    expect(seqs(filterJournal(entries, { ...ALL, troubleOnly: true }, null))).toEqual([2]);
  });
});

describe("brokenIntoLines", () => {
  it("breaks JSON by its structure and leaves figures and strings as they were sent", () => {
    const text = '{"amount":{"total":90071992547409931},"note":"a,{b}\\"","list":[],"ids":[1,2]}';
    const lines = brokenIntoLines(text);
    expect(lines.split("\n")).toEqual([
      "{",
      '  "amount": {',
      '    "total": 90071992547409931',
      "  },",
      '  "note": "a,{b}\\"",',
      '  "list": [],',
      '  "ids": [',
      "    1,",
      "    2",
      "  ]",
      "}",
    ]);
  });

  it("breaks a form at its parameters, below the headers of a message", () => {
    const text = "POST http://127.0.0.1/notify\nhost: a\n\nout_trade_no=1&sign=x%3D";
    expect(brokenIntoLines(text)).toBe("POST http://127.0.0.1/notify\nhost: a\n\nout_trade_no=1\n&sign=x%3D");
  });

  it("leaves other texts alone", () => {
    expect(brokenIntoLines("app_id=1\nmethod=m")).toBe("app_id=1\nmethod=m");
  });
});
