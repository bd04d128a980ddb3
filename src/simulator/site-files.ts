import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { answer, html, type Reply, type WireRequest } from "./http/wire";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** The site can reset everything, so no other page may frame it; it runs its own files and nothing else. */
const SITE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The built site. Any path without a file is the site's own page, which routes by itself. */
export function serveSite(siteDir: string, request: WireRequest): Reply {
  if (request.method !== "GET" && request.method !== "HEAD") return answer(405, { allow: "GET, HEAD" });
  const index = path.join(siteDir, "index.html");
  if (!existsSync(index)) return html(200, WITHOUT_SITE);
  const file = resolveInside(siteDir, request.path) ?? index;
  if (!file.endsWith(".html") || file !== index) return fileAnswer(file);
  return path.extname(request.path) === "" || request.path.endsWith(".html")
    ? fileAnswer(index)
    : answer(404, { "content-type": "text/plain" }, "not found");
}

function resolveInside(dir: string, requested: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(requested);
  } catch {
    return null;
  }
  const file = path.resolve(dir, `.${path.posix.normalize(`/${decoded}`)}`);
  if (!file.startsWith(path.resolve(dir) + path.sep) || decoded.includes("\0")) return null;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

const fileAnswer = (file: string): Reply =>
  answer(
    200,
    {
      "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...(file.endsWith(".html") ? { "content-security-policy": SITE_POLICY } : {}),
    },
    readFileSync(file),
  );

const WITHOUT_SITE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>模拟器</title>
<body style="font:14px/22px system-ui,sans-serif;margin:40px;max-width:640px"><h1 style="font-size:20px">模拟器正在运行</h1>
<p>支付宝网关 <code>/gateway.do</code>，微信支付 <code>/v3/…</code>，控制接口 <code>/control/state</code>。界面尚未构建（<code>dist/simulator-site</code>）。</p></body></html>`;
