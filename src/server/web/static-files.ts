import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Exchange } from "./exchange";

const PREFIX = "/_next/static/";
const TYPES: Record<string, string> = { ".js": "application/javascript; charset=UTF-8", ".css": "text/css; charset=UTF-8" };

/** Answers a script or sheet of the pages from its brotli copy. False: not one of ours, or the browser does not take brotli. */
export type StaticFiles = (exchange: Exchange) => boolean;

/**
 * The copies that the build made (well under a megabyte in all), kept in memory and found by name: no request reaches the disk, and
 * no path is ever put together from what a request says. Without a build there are none, and Next answers all.
 */
export function openStaticFiles(folder: string): StaticFiles {
  const copies = new Map<string, { body: Buffer; type: string }>();
  for (const file of existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : []) {
    const type = file.endsWith(".br") ? TYPES[path.extname(file.slice(0, -3))] : undefined;
    if (type) copies.set(`${PREFIX}${file.slice(0, -3).split(path.sep).join("/")}`, { body: readFileSync(path.join(folder, file)), type });
  }
  return ({ req, res, path: asked }) => {
    const copy = copies.get(asked) ?? copies.get(decoded(asked));
    if (!copy || (req.method !== "GET" && req.method !== "HEAD")) return false;
    if (!/(^|[\s,])br($|[\s,;])/.test(String(req.headers["accept-encoding"] ?? ""))) return false;
    res.writeHead(200, {
      "content-type": copy.type,
      "content-encoding": "br",
      "content-length": copy.body.length,
      vary: "Accept-Encoding",
      // The name carries a hash of the content.
      "cache-control": "public, max-age=31536000, immutable",
    });
    res.end(req.method === "HEAD" ? undefined : copy.body);
    return true;
  };
}

function decoded(asked: string): string {
  try {
    return decodeURIComponent(asked);
  } catch {
    return asked;
  }
}
