import { expect, it } from "vitest";
import { ARRAY_MAX, checkInputLimits, DEPTH_MAX } from "./input-limits";

const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });

it("IN-02 takes nesting and lists up to their bounds, and no more", () => {
  expect(() => checkInputLimits(nested(DEPTH_MAX))).not.toThrow();
  expect(() => checkInputLimits(nested(DEPTH_MAX + 1))).toThrow("nested too deep");
  expect(() => checkInputLimits({ list: Array(ARRAY_MAX).fill(0) })).not.toThrow();
  expect(() => checkInputLimits({ list: Array(ARRAY_MAX + 1).fill(0) })).toThrow("list too long");
});

it("IN-05 refuses keys that could reach a prototype", () => {
  for (const text of ['{"__proto__":{"isOperator":true}}', '{"a":{"constructor":1}}', '{"a":[{"prototype":1}]}']) {
    expect(() => checkInputLimits(JSON.parse(text)), text).toThrow("reserved key");
  }
  expect(({} as { isOperator?: boolean }).isOperator).toBeUndefined();
});

it("IN-01 refuses half a character anywhere, and keeps whole ones", () => {
  expect(() => checkInputLimits({ a: ["\ud83d"] })).toThrow("half a character");
  expect(() => checkInputLimits({ a: ["😀𠮷"] })).not.toThrow();
});

it("IN-01 refuses kinds of values that superjson can carry and nobody asks for", () => {
  for (const odd of [new Map(), new Set(), /x/, new URL("https://example.test"), new Uint8Array(1)]) {
    expect(() => checkInputLimits({ odd })).toThrow("not a kind of value");
  }
  expect(() => checkInputLimits({ at: new Date(), fen: 1n, none: null, nothing: undefined })).not.toThrow();
});
