import { expect, it } from "vitest";
import { jsonLines } from "./json-lines";

it("gives each member its line and keeps the digits of numbers", () => {
  const text = '{"amount":{"total":28600,"rate":1.10},"list":[1,"a, b"],"empty":{}}';

  expect(jsonLines(text).map(({ indent, name, rest }) => `${indent}${name === null ? "" : `${name} = `}${rest}`)).toEqual([
    "{",
    "  amount = {",
    "    total = 28600,",
    "    rate = 1.10",
    "  },",
    "  list = [",
    "    1,",
    '    "a, b"',
    "  ],",
    "  empty = {",
    "  }",
    "}",
  ]);
});

it("shows text that is no JSON as far as it goes", () => {
  expect(jsonLines('nothing "open').map(({ rest }) => rest)).toEqual(['nothing"open']);
});
