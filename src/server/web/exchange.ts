import type { IncomingMessage, ServerResponse } from "node:http";
import { type Id, newId } from "~/lib/id";
import { clientAddress } from "~/server/client-address";
import type { Config } from "~/server/config";

/** One request and its answer, with what we decided to believe about them. */
export type Exchange = {
  req: IncomingMessage;
  res: ServerResponse;
  /** Without the query. */
  path: string;
  requestId: Id<"request">;
  /** The caller, after the configured proxies. */
  ip: string;
  /** For the histogram: which kind of thing was asked for. */
  route: string;
};

export function openExchange(config: Pick<Config, "trustProxy" | "appUrl">, req: IncomingMessage, res: ServerResponse): Exchange {
  const url = req.url ?? "/";
  const queryAt = url.indexOf("?");
  const forwarded = req.headers["x-forwarded-for"];
  const ip = clientAddress(req.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(",") : forwarded, config.trustProxy);
  const requestId = newId("request");
  res.setHeader("x-request-id", requestId);
  return { req, res, path: queryAt < 0 ? url : url.slice(0, queryAt), requestId, ip, route: "page" };
}

/** What stands behind us reads the caller's address, the scheme and the request's id from headers; the caller's own claims are gone. */
export function tellInside(config: Pick<Config, "appUrl">, { req, ip, requestId }: Exchange): void {
  for (const name of INTERNAL) delete req.headers[name];
  req.headers["x-forwarded-for"] = ip;
  req.headers["x-forwarded-proto"] = config.appUrl.startsWith("https://") ? "https" : "http";
  req.headers["x-request-id"] = requestId;
}

/** Headers that only we may set: Next and next-auth believe some of them. */
const INTERNAL = [
  "x-forwarded-host",
  "x-forwarded-port",
  "forwarded",
  "x-real-ip",
  "x-nonce",
  "content-security-policy",
  "x-middleware-subrequest",
  "x-middleware-prefetch",
  "x-middleware-rewrite",
  "x-middleware-next",
  "x-matched-path",
  "x-invoke-path",
] as const;
