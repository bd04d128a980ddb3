import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { MISFIT_CAUSES, REFUSAL_CAUSES } from "~/domain/notification";
import { messagesOf } from "~/messages";
import { GROUP_OF, MENDED_IN_CHANNEL } from "./causes";

const languages = ["zh", "en"] as const;

it.each(languages)("ERR-02 no cause of a refusal lacks its words and its next step in %s", (lang) => {
  const { cause, next } = messagesOf(lang).inbox;

  expect(Object.keys(cause).sort()).toEqual([...REFUSAL_CAUSES, "other"].sort());
  expect(Object.keys(next).sort()).toEqual([...new Set(Object.values(GROUP_OF))].sort());
});

it.each(languages)("no cause of a misfit lacks its words in %s", (lang) => {
  const { misfit, misfitShort } = messagesOf(lang).inbox;

  expect(Object.keys(misfit).sort()).toEqual([...MISFIT_CAUSES].sort());
  expect(Object.keys(misfitShort).sort()).toEqual([...MISFIT_CAUSES].sort());
});

it("no cause is named that no adapter says", () => {
  const files = [
    "alipay/notification.ts",
    "alipay/form.ts",
    "wechat/notification.ts",
    "wechat/verify.ts",
    "wechat/cipher.ts",
    "wechat/exact-json.ts",
  ];
  const source = files.map((file) => readFileSync(path.resolve("src/server/providers", file), "utf8")).join("\n");

  expect(REFUSAL_CAUSES.filter((cause) => !source.includes(`"${cause}"`))).toEqual([]);
});

it("sends people to the channel for keys alone", () => {
  expect(MENDED_IN_CHANNEL.every((group) => Object.values(GROUP_OF).includes(group))).toBe(true);
  expect(GROUP_OF.signature_probe).toBe("probe");
});
