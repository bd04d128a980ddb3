import { expect, it } from "vitest";
import { decodeText, encodeGbk } from "./gbk";

it("writes GBK that reads back, and a question mark for what GBK lacks", () => {
  const text = "企业付款 ABC 100% 龘";
  expect(decodeText(encodeGbk(text), "gbk")).toBe(text);
  expect(encodeGbk("付").toString("hex")).toBe("b8b6");
  expect(encodeGbk("😀").toString("latin1")).toBe("?");
});
