import { describe, expect, it } from "vitest";
import { csvLine } from "./csv";
import { fen } from "./money";

describe("csvLine", () => {
  it("keeps numbers numbers and quotes every text", () => {
    expect(csvLine(["SO1", { fen: fen(-120_050n) }, 3, null, 'say "hi", twice'])).toBe('"SO1",-1200.50,3,,"say ""hi"", twice"\r\n');
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+86 138", "'+86 138"],
    ["-2", "'-2"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["  =1", "  '=1"],
    ["＝cmd", "'＝cmd"],
    ["＋1 －1", "'＋1 －1"],
    ["＠x", "'＠x"],
    ["a,=1", "a,'=1"],
    ["a;@x", "a;'@x"],
    ["a\n=1", "a\n'=1"],
    ["a\t+1", "a\t'+1"],
    ["\tplain", "'\tplain"],
    ["\r=1", "'\r'=1"],
  ])("IN-06 takes the formula out of %j", (text, shown) => {
    expect(csvLine([text])).toBe(`"${shown}"\r\n`);
  });

  it("IN-06 takes it out behind a quote as well", () => {
    expect(csvLine(['"=1'])).toBe(`"""'=1"\r\n`);
  });

  it.each(["SO-2026-1", "a = b", "3-4 天", "mail@example.test"])("leaves %j as it is", (text) => {
    expect(csvLine([text])).toBe(`"${text}"\r\n`);
  });
});
