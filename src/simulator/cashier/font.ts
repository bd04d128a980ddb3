import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { answer, type Reply } from "../http/wire";

/** Where the cashier finds its Chinese font, so that a machine without one shows characters and not boxes. */
export const FONT_AREA = "noto-sans-sc";
const CACHE = { "cache-control": "public, max-age=86400" };

/** The sheet and the pieces of Noto Sans SC, straight from the installed package. */
export function serveFont(requested: string): Reply {
  const sheet = createRequire(import.meta.url).resolve("@fontsource-variable/noto-sans-sc/index.css");
  if (requested === `/${FONT_AREA}/index.css`)
    return answer(200, { "content-type": "text/css; charset=utf-8", ...CACHE }, readFileSync(sheet));
  const name = /^\/noto-sans-sc\/files\/([a-z0-9-]+\.woff2)$/.exec(requested)?.[1];
  const file = name && path.join(path.dirname(sheet), "files", name);
  if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile()) return answer(404, { "content-type": "text/plain" }, "not found");
  return answer(200, { "content-type": "font/woff2", ...CACHE }, readFileSync(file));
}
