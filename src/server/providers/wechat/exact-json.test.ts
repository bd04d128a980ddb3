import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, JsonError, parseJson, printJson } from "./exact-json";

const reason = (text: string) => {
  try {
    parseJson(text);
    return "accepted";
  } catch (error) {
    return error instanceof JsonError ? error.reason : error;
  }
};
const member = (text: string, name = "a") => (parseJson(text) as ReadonlyMap<string, Json>).get(name);

/** With floats for whole numbers, where the texts' fit one. */
function withFloats(value: Json): unknown {
  if (value instanceof Map) return new Map([...value].map(([name, inner]) => [name, withFloats(inner)]));
  if (Array.isArray(value)) return value.map(withFloats);
  return typeof value === "bigint" ? Number(value) : value;
}

/** With Maps for objects, so that `__proto__` is compared as any other name. */
function withMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMaps);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([name, inner]) => [name, withMaps(inner)]));
}

it("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (text) => {
      fc.pre(!text.includes("-0"));
      expect(withFloats(parseJson(text))).toEqual(withMaps(JSON.parse(text)));
    }),
    { examples: [['{"__proto__":false}'], ['{"a":{"__proto__":{"b":[1,{}]}}}']] },
  );
});

it("refuses every text that JSON.parse refuses", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ 019.-eEtrufalsn\n\t\u0001é') }), (text) => {
      const native = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      if (!native) expect(reason(text)).not.toBe("accepted");
    }),
    { numRuns: 2000 },
  );
});

describe("CB-04 whole numbers keep their own digits", () => {
  it.each(["0", "1999", "-5", "9007199254740993", "123456789012345678901234567890"])("reads %s exactly", (text) => {
    expect(parseJson(text)).toBe(BigInt(text));
  });

  it.each(["1999.0", "1.999e3", "1999E0", "0.1"])("does not take %s for a whole number", (text) => {
    expect(typeof parseJson(text)).toBe("number");
  });

  it.each(["01", "+1", "1.", ".5", "0x10", "1_000", "NaN", "Infinity", "--1", "1".repeat(31)])("refuses %s", (text) => {
    expect(reason(text)).toBe("syntax");
  });
});

it("CB-04 a name that occurs twice is refused, also when written with an escape", () => {
  expect(reason('{"total":1,"total":2}')).toBe("duplicate_key");
  expect(reason('{"x":{"total":1,"t\\u006ftal":2}}')).toBe("duplicate_key");
});

it("IN-05 magic names are plain members", () => {
  const parsed = parseJson('{"__proto__":{"a":1},"constructor":2}');

  expect((parsed as ReadonlyMap<string, Json>).get("constructor")).toBe(2n);
  expect(Object.getPrototypeOf(parsed)).toBe(Map.prototype);
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});

it("IN-02 nests sixteen deep and no deeper", () => {
  expect(reason(`${"[".repeat(17)}${"]".repeat(17)}`)).toBe("accepted");
  expect(reason(`${"[".repeat(18)}${"]".repeat(18)}`)).toBe("too_deep");
  expect(reason("[".repeat(60_000))).toBe("too_deep");
});

it("prints amounts digit by digit and leaves out what is undefined", () => {
  const text = printJson({ total: 9007199254740993n, text: '年度 "会员"\n', nothing: undefined, list: [1n, true, null] });

  expect(text).toBe('{"total":9007199254740993,"text":"年度 \\"会员\\"\\n","list":[1,true,null]}');
  expect(member(text, "total")).toBe(9007199254740993n);
});
