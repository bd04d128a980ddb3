import { expect, it } from "vitest";
import { messagesOf } from "~/messages";
import { failureOf } from "./failure";

it("knows a code by what stands before the colon", () => {
  expect(failureOf("not_ready:isp.bill_not_exist")).toEqual({ what: "not_ready", next: "again" });
  expect(failureOf("no_permission")).toEqual({ what: "no_permission", next: "permission" });
});

it("has no words for what it does not know", () => {
  expect([failureOf(null), failureOf("toString"), failureOf("brand_new")]).toEqual([null, null, null]);
});

it("has a sentence for each word and no sentence without a word", () => {
  for (const word of Object.keys(messagesOf("zh").reconciliation.trouble.what)) expect(failureOf(word)?.what, word).toBe(word);
});
