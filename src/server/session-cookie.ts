import { parseCookie } from "cookie";
import { decode } from "next-auth/jwt";
import { asId, type Id, isId } from "~/lib/id";
import type { Config } from "./config";

/** Names of our cookies. The host prefix makes browsers refuse one that a neighbouring host planted, and needs https. */
export function cookieNames(config: Pick<Config, "appUrl">) {
  const secure = config.appUrl.startsWith("https://");
  const prefix = secure ? "__Host-" : "";
  return {
    secure,
    session: `${prefix}xjz.session`,
    csrf: `${prefix}xjz.csrf`,
    callback: `${prefix}xjz.callback`,
    device: `${prefix}xjz.device`,
  };
}

/** The session that a request's `Cookie` header carries, or null. The token holds nothing but the session's id; the table is the truth. */
export async function readSessionId(
  config: Pick<Config, "appUrl" | "authSecret">,
  cookieHeader: string | null | undefined,
): Promise<Id<"session"> | null> {
  if (!cookieHeader) return null;
  const token = parseCookie(cookieHeader)[cookieNames(config).session];
  if (!token) return null;
  try {
    const claims = await decode({ token, secret: config.authSecret.reveal() });
    const sessionId = claims?.sid;
    return typeof sessionId === "string" && isId("session", sessionId) ? asId("session", sessionId) : null;
  } catch {
    // Forged, cut or expired: a visitor without a session, never an error (SES-10).
    return null;
  }
}
