import type { Config } from "~/server/config";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export type HostVerdict = "ours" | "alias" | "foreign";

/**
 * Whether a request is meant for us, by its Host header (the address that the browser believes to be at). `alias`: another name of
 * this machine, where nobody's cookies are; the page's own address is where to go.
 */
export function judgeHost(config: Pick<Config, "appUrl">, host: string | undefined): HostVerdict {
  const ours = new URL(config.appUrl).host;
  if (host?.toLowerCase() === ours) return "ours";
  const port = (text: string) => /:(\d+)$/.exec(text)?.[1] ?? "";
  return host && LOOPBACK.test(host) && LOOPBACK.test(ours) && port(host) === port(ours) ? "alias" : "foreign";
}

/** Whether an Origin header names one of our own pages. `null` and an absent one are foreign (WEB-03). */
export function isOwnOrigin(config: Pick<Config, "appUrl">, origin: string | undefined): boolean {
  return origin !== undefined && origin === new URL(config.appUrl).origin;
}
