import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";
import type { Exchange } from "./exchange";
import { openStaticFiles } from "./static-files";

const folder = makeTemporaryFolder("static");
mkdirSync(path.join(folder.path, "chunks"));
writeFileSync(path.join(folder.path, "chunks", "a.js"), "let a = 1;");
writeFileSync(path.join(folder.path, "chunks", "a.js.br"), brotliCompressSync("let a = 1;"));
writeFileSync(path.join(folder.path, "secret.txt.br"), "no script");
afterAll(() => folder.remove());

const files = openStaticFiles(folder.path);

function ask(asked: string, encoding = "gzip, br", method = "GET") {
  const said: { head?: Record<string, unknown>; body?: unknown } = {};
  const res = {
    writeHead: (_status: number, head: Record<string, unknown>) => Object.assign(said, { head }),
    end: (body: unknown) => Object.assign(said, { body }),
  };
  const exchange = { req: { method, headers: { "accept-encoding": encoding } }, res, path: asked } as unknown as Exchange;
  return { answered: files(exchange), ...said };
}

it("answers a script from its copy, to be kept for ever", () => {
  const { answered, head } = ask("/_next/static/chunks/a.js");

  expect(answered).toBe(true);
  expect(head).toMatchObject({ "content-encoding": "br", "cache-control": expect.stringContaining("immutable") });
});

it.each([
  ["a browser that does not take brotli", "/_next/static/chunks/a.js", "gzip", "GET"],
  ["a file without a copy", "/_next/static/chunks/b.js", "br", "GET"],
  ["a path that climbs", "/_next/static/../static/chunks/a.js", "br", "GET"],
  ["a copy of something else", "/_next/static/secret.txt", "br", "GET"],
  ["a broken escape", "/_next/static/%E0%A4%A", "br", "GET"],
  ["another method", "/_next/static/chunks/a.js", "br", "POST"],
])("leaves %s to the pages", (_what, asked, encoding, method) => {
  expect(ask(asked, encoding, method).answered).toBe(false);
});
