import { describe, expect, it } from "vitest";
import { JsonNumber, parseStrictJson } from "./strict-json";

const plain = (text: string) =>
  JSON.parse(JSON.stringify(parseStrictJson(text), (_key, value) => (value instanceof Map ? Object.fromEntries(value) : value)));

describe("parseStrictJson", () => {
  it.each(['{"a":[1,2,{"b":null}],"c":"\\u00e9\\"\\\\","d":true}', "[]", "{}", ' { "a" : -1.5e3 } ', '"x"'])(
    "reads %s as JSON.parse does",
    (text) => {
      expect(plain(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    "",
    "{",
    '{"a":1,}',
    "[1,]",
    "{'a':1}",
    '{"a":01}',
    "nul",
    '{"a":1}x',
    '{"a" 1}',
    '"a\nb"',
    "[1 2]",
    '{"a":1,"a":2}',
    `${"[".repeat(40)}${"]".repeat(40)}`,
  ])("refuses %j", (text) => {
    expect(parseStrictJson(text)).toBeUndefined();
  });

  it.each([
    ["1", true],
    ["-3", true],
    ["1.0", false],
    ["1e2", false],
    ["0", true],
  ])("knows that %s written so is an integer: %s", (text, isInteger) => {
    const value = parseStrictJson(text);
    expect(value instanceof JsonNumber && value.isInteger()).toBe(isInteger);
  });
});
