import { describe, expect, it } from "vitest";
import { APP_ERROR_CODES } from "~/lib/errors";
import { messagesOf } from "./index";

type Tree = { [key: string]: string | Tree };

const leaves = (tree: Tree, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
/** `{name}` and `{count, plural, …}` name an argument only outside of the branches of another. */
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\s*[,}]/g)].map((match) => match[1]))].sort();

const zh = new Map(leaves(messagesOf("zh") as unknown as Tree));
const en = new Map(leaves(messagesOf("en") as unknown as Tree));

describe("messages", () => {
  it("have the same keys in both languages", () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
  });

  it("have the same placeholders in both languages", () => {
    const differing = [...zh].filter(([key, text]) => placeholders(text).join() !== placeholders(en.get(key) ?? "").join());

    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it("leave no text empty", () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === "").map(([key]) => key)).toEqual([]);
  });

  it("keep Chinese marks out of English", () => {
    expect([...en].filter(([, text]) => /[，。；：？！（）]/.test(text)).map(([key]) => key)).toEqual([]);
  });

  it("answer the three questions for every error code (ERR-01, ERR-02)", () => {
    for (const code of APP_ERROR_CODES) {
      for (const line of ["what", "money", "next"]) expect(zh.get(`errors.${code}.${line}`), `${code}.${line}`).toBeTruthy();
    }
  });
});
