import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawMembers } from "./json-members";

const blank = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

/** Writes a JSON object with arbitrary spacing between all its parts, and remembers what was written for each member. */
const writtenObject = fc
  .array(fc.record({ name: fc.string(), value: fc.jsonValue(), indent: fc.nat(2), before: blank, between: blank, after: blank }), {
    maxLength: 6,
  })
  .map((members) => {
    const unique = [...new Map(members.map((member) => [member.name, member])).values()];
    const written = unique.map((member) => ({ name: member.name, raw: JSON.stringify(member.value, null, member.indent), member }));
    const parts = written.map(
      ({ name, raw, member }) => `${member.before}${JSON.stringify(name)}${member.between}:${member.between}${raw}${member.after}`,
    );
    return { text: `{${parts.join(",")}}`, expected: written.map(({ name, raw }) => [name, raw] as const) };
  });

describe("rawMembers", () => {
  it("cuts each member character for character, whatever the spacing, nesting and escapes", () => {
    fc.assert(
      fc.property(writtenObject, blank, ({ text, expected }, around) => {
        expect([...rawMembers(around + text + around)]).toEqual(expected);
      }),
    );
  });

  it("keeps escapes, brackets inside strings and number spelling as received", () => {
    const node = '{"url":"https:\\/\\/x\\/y","t":"\\"}],{\\\\","n":1.50E+2,"u":"\\u4e66"}';

    const members = rawMembers(`{ "sign":"abc=" ,\n "a_response" : ${node} }`);

    expect(members.get("a_response")).toBe(node);
    expect(members.get("sign")).toBe('"abc="');
  });

  it("refuses every text that is not one JSON object", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let parsed: unknown = null;
        try {
          parsed = JSON.parse(text);
        } catch {
          // Not JSON at all: it must be refused just the same.
        }
        fc.pre(typeof parsed !== "object" || parsed === null || Array.isArray(parsed));
        expect(() => rawMembers(text)).toThrow(SyntaxError);
      }),
    );
    for (const text of ["", "[]", "null", '"{}"', '{"a":1}{"b":2}', '{"a":1,}', "{a:1}", '{"a":1']) {
      expect(() => rawMembers(text), text).toThrow(SyntaxError);
    }
  });

  it("CB-04 refuses a repeated name, also one that is spelled with escapes", () => {
    expect(() => rawMembers('{"a":1,"a":1}')).toThrow(SyntaxError);
    expect(() => rawMembers('{"sign":"x","\\u0073ign":"y"}')).toThrow(SyntaxError);
  });

  it("IN-05 treats __proto__ as a name like any other", () => {
    expect([...rawMembers('{"__proto__":{"a":1}}')]).toEqual([["__proto__", '{"a":1}']]);
  });
});
