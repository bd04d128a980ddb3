import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ListPayments } from "~/domain/payment-input";
import { given, readCursor, readDay, readFen, readId, readOneOf, readWords } from "./address";
import { newId } from "./id";

describe("a filter from an address", () => {
  it("means what the procedures' schema means, whatever somebody wrote", () => {
    const { q, from, minFen, cursor } = ListPayments.shape;
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: fc.constantFrom("0", "1", "2", "9", "-", " ", "\u2028", "é", "\ud800"), maxLength: 220 }),
      fc.constantFrom("2026-02-29", "2024-02-29", "1999-12-31", "3000-01-01", "0", "10000000000", "10000000001", " x "),
    );
    const schemaOf = (schema: typeof q | typeof from | typeof minFen | typeof cursor, written: string) => {
      const read = written === "" ? undefined : schema.safeParse(written);
      return read?.success ? read.data : undefined;
    };

    fc.assert(
      fc.property(text, (written) => {
        expect(readWords(written, 64)).toBe(schemaOf(q, written));
        expect(readDay(written)).toBe(schemaOf(from, written));
        expect(readFen(written)).toBe(schemaOf(minFen, written));
        expect(readCursor(written)).toBe(schemaOf(cursor, written));
      }),
    );
  });

  it("takes the words it knows and ids of its kind, and leaves out the rest", () => {
    const id = newId("channel");

    expect(readOneOf(["paid", "closed"], "paid")).toBe("paid");
    expect(readOneOf(["paid", "closed"], "gone")).toBeUndefined();
    expect([readId("channel", id), readId("payment", id)]).toEqual([id, undefined]);
    expect(given({ q: undefined, provider: "alipay" })).toEqual({ provider: "alipay" });
  });
});
