import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { StatementError } from "../statement-port";
import { LINE_BYTES_MAX } from "./limits";
import { LineSplitter, trimmed } from "./lines";

const cut = (...chunks: Buffer[]): string[] => {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
};

describe("lines", () => {
  it("end at LF, with CR or without, and the last one also where the file ends", () => {
    expect(cut(Buffer.from("one\r\ntwo\n\r\n\nlast"))).toEqual(["one", "two", "", "", "last"]);
    expect(cut(Buffer.from("one\n"))).toEqual(["one"]);
    expect(cut(Buffer.alloc(0))).toEqual([]);
  });

  it("are the same wherever the chunks end", () => {
    const text = fc
      .array(fc.string({ unit: fc.constantFrom("a", ",", "\n", "\r", "\t", "中", "丂", "乗", "`", " ") }))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 5 }), (words, places) => {
        const bytes = iconv.encode(words, "gbk");
        const ends = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
        const chunks = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));

        expect(cut(...chunks)).toEqual(cut(bytes));
        expect(iconv.decode(Buffer.from(cut(...chunks).join("\n"), "latin1"), "gbk")).toBe(
          words.replace(/\r?\n/g, "\n").replace(/[\n\r]$/, ""),
        );
      }),
    );
  });

  it("keep characters whose second byte looks like a letter, a backtick or a line", () => {
    // 0x8140, 0x9060, 0x817C: the second bytes are @, ` and |.
    const bytes = Buffer.from([0x81, 0x40, 0x90, 0x60, 0x2c, 0x81, 0x7c, 0x0a]);

    expect(
      cut(bytes)[0]
        ?.split(",")
        .map((cell) => cell.length),
    ).toEqual([4, 2]);
  });

  it("are refused when one goes on and on, before it gathers in memory", () => {
    const splitter = new LineSplitter();
    const piece = Buffer.alloc(LINE_BYTES_MAX / 2, "x");
    splitter.push(Buffer.from("first\n"));
    splitter.push(piece);
    splitter.push(piece);

    expect(() => splitter.push(Buffer.from("x"))).toThrow(expect.objectContaining({ code: "too_large", lineNo: 2 }));
    expect(() => cut(Buffer.from(`${"x".repeat(LINE_BYTES_MAX + 1)}\n`))).toThrow(StatementError);
    expect(cut(Buffer.from(`${"x".repeat(LINE_BYTES_MAX)}\n`))).toHaveLength(1);
  });

  it("are refused when there are too many", () => {
    const splitter = new LineSplitter();
    const million = Buffer.alloc(1_000_000, "\n");
    for (let i = 0; i < 5; i++) splitter.push(million);

    expect(() => splitter.push(Buffer.from("\n"))).toThrow(expect.objectContaining({ code: "too_large", lineNo: 5_000_001 }));
  });
});

it("cells lose their padding and nothing else: 0xA0 is half of a character", () => {
  expect(trimmed("\t a b\t\t")).toBe("a b");
  expect(trimmed("\xa0x\xa0")).toBe("\xa0x\xa0");
  expect(trimmed(" \t")).toBe("");
});
