import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** A request as it came over the wire: the raw target and the raw bytes are what signatures cover. */
export type WireRequest = {
  method: string;
  /** Request target exactly as sent: path and query. */
  target: string;
  path: string;
  /** Without the question mark, still encoded. */
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  remoteAddress: string;
  /** Scheme and authority for links that phones and browsers follow. */
  origin: string;
  /** The same as this caller addressed us, for links that the caller itself follows. */
  callerOrigin: string;
};

export type Answer = { kind: "answer"; status: number; headers: Record<string, string>; body: Buffer | string };

/** What happens on the socket. Only `answer` says something. */
export type Reply =
  | Answer
  | { kind: "hang" }
  | { kind: "reset" }
  | { kind: "close" }
  | { kind: "stream"; open(response: ServerResponse): void };

export const answer = (status: number, headers: Record<string, string>, body: Buffer | string = ""): Answer => ({
  kind: "answer",
  status,
  headers,
  body,
});

/** Our own pages run no script and load only their font; the site may show them inside its phone. */
const PAGE_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'none'; frame-ancestors 'self'";

export const html = (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  answer(
    status,
    { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "content-security-policy": PAGE_POLICY, ...headers },
    body,
  );

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  answer(
    status,
    { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
    JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? item.toString() : item)),
  );

export const redirect = (location: string, status = 302): Answer => answer(status, { location, "cache-control": "no-store" });

export const headerText = (request: Pick<WireRequest, "headers">, name: string): string | null => {
  const value = request.headers[name.toLowerCase()];
  return typeof value === "string" ? value : null;
};
