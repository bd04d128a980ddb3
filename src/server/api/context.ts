import type { IncomingHttpHeaders } from "node:http";
import { type Id, newId } from "~/lib/id";
import type { SystemCtx } from "~/server/context";
import { checkSession, type Identity } from "~/server/services/session";
import { readSessionId } from "~/server/session-cookie";

/** What one call of the API knows before it knows who calls. */
export type ApiContext = {
  sys: SystemCtx;
  /** `server` is our own code (prefetch, tests): it has no browser that could be tricked and is not counted. */
  transport: "http" | "socket" | "server";
  requestId: Id<"request">;
  ip: string;
  userAgent: string;
  /** Whether the browser says that one of our own pages sent this. `null` and absent are foreign (WEB-03). */
  sameOrigin: boolean;
  /** Who calls, as the database knows it now: once per HTTP request, anew for every message of a socket. */
  identify(options?: { touch: boolean }): Promise<Identity | null>;
};

export type RequestSource = {
  headers: Headers | IncomingHttpHeaders;
  /** From `clientAddress`. */
  ip: string;
  transport: ApiContext["transport"];
  requestId?: Id<"request">;
};

/** Context of one HTTP request, one socket or one page. Nothing in it was believed yet: procedures call `identify`. */
export function createContext(sys: SystemCtx, { headers, ip, transport, requestId = newId("request") }: RequestSource): ApiContext {
  const cookie = headerOf(headers, "cookie");
  let session: Promise<Id<"session"> | null> | null = null;
  let identity: Promise<Identity | null> | null = null;
  const ask = async (touch: boolean) => {
    session ??= readSessionId(sys.config, cookie);
    const sessionId = await session;
    return sessionId ? checkSession(sys, sessionId, { touch }) : null;
  };
  return {
    sys,
    transport,
    requestId,
    ip,
    userAgent: (headerOf(headers, "user-agent") ?? "").slice(0, 300),
    sameOrigin: headerOf(headers, "origin") === new URL(sys.config.appUrl).origin,
    identify(options = { touch: true }) {
      if (transport === "socket") return ask(options.touch);
      identity ??= ask(options.touch);
      return identity;
    },
  };
}

/** Context for a known person without a request: seeds and tests. */
export function contextFor(sys: SystemCtx, sessionId: Id<"session"> | null, ip = "127.0.0.1"): ApiContext {
  return {
    sys,
    transport: "server",
    requestId: newId("request"),
    ip,
    userAgent: "server",
    sameOrigin: true,
    identify: async () => (sessionId ? checkSession(sys, sessionId) : null),
  };
}

function headerOf(headers: Headers | IncomingHttpHeaders, name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? null);
}
