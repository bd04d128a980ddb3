import { PgDialect } from "drizzle-orm/pg-core";
import { describe, expect, it } from "vitest";
import { beginsWith } from "./like";
import { payment } from "./schema";

const bounds = (text: string) => new PgDialect().sqlToQuery(beginsWith(payment.subject, text)).params as string[];
/** As PostgreSQL's pattern operators compare. */
const isBelow = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

describe("the beginning of a text as a range of bytes", () => {
  it.each(["S", "视觉", "a%_\\", "\u007f", "\u07ff", "\ud7ff", "\uffff", "\u{10ffff}", "a\u{10ffff}", "😀"])(
    "takes in what begins with %j, and no more",
    (text) => {
      const [from = "", behind] = bounds(text);
      const inside = (other: string) => !isBelow(other, from) && (behind === undefined || isBelow(other, behind));

      expect(["", "a", "\u{10ffff}\u{10ffff}"].map((rest) => inside(text + rest))).toEqual([true, true, true]);
      expect(["", "A", "z", "视", "视角", text.slice(0, -1)].filter((other) => !other.startsWith(text)).some(inside)).toBe(false);
    },
  );
});
