import type { ServerResponse } from "node:http";
import type { Config } from "~/server/config";

/** What every answer carries (WEB-01). Pages replace the policy by their own, which names the nonce of their scripts. */
export function securityHeaders(config: Pick<Config, "appUrl">): [name: string, value: string][] {
  return [
    ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["permissions-policy", "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"],
    ...(config.appUrl.startsWith("https://") ? [["strict-transport-security", "max-age=31536000"] as [string, string]] : []),
  ];
}

/** Pages that a link alone opens: the address is the secret, so it is never told to anybody else. */
export const isLinkPage = (path: string): boolean => /^\/(checkout|pay|invitation)\//.test(path);

/** A short answer of our own: never cached, never sniffed. */
export function answer(res: ServerResponse, status: number, body: string | object | null = null): void {
  if (res.headersSent) return void res.destroy();
  res.statusCode = status;
  res.setHeader("cache-control", "no-store");
  if (body === null) return void res.end();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  res.setHeader("content-type", typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
  res.setHeader("content-length", Buffer.byteLength(text));
  res.end(text);
}
