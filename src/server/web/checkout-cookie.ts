import type { ServerResponse } from "node:http";
import type { Config } from "~/server/config";
import { tokenHash } from "~/server/services/payment";

/** One cookie per open checkout page, named by its payment's token so that two pages do not take each other's. */
export const CHECKOUT_COOKIE = /^checkout_[0-9a-f]{8}$/;
const KEPT_SECONDS = 86_400;

/** Browsers send no token with an upgrade but cookies: the buyer's page gets one that goes to the socket's address alone. */
export function giveCheckoutCookie(config: Pick<Config, "appUrl">, path: string, res: ServerResponse): void {
  const token = /^\/checkout\/([0-9a-hjkmnp-tv-z]{26})\/?$/.exec(path)?.[1];
  if (!token) return;
  const name = `checkout_${tokenHash(token).toString("hex").slice(0, 8)}`;
  const secure = config.appUrl.startsWith("https://") ? "; Secure" : "";
  res.appendHeader("set-cookie", `${name}=${token}; Path=/ws; Max-Age=${KEPT_SECONDS}; HttpOnly; SameSite=Lax${secure}`);
}
