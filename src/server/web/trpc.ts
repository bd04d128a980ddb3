import type { RequestListener } from "node:http";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { createContext } from "~/server/api/context";
import { BODY_BYTES_MAX } from "~/server/api/input-limits";
import { appRouter } from "~/server/api/root";
import { httpOptions } from "~/server/api/transport";
import type { SystemCtx } from "~/server/context";
import { isOwnOrigin } from "./addresses";
import type { Exchange } from "./exchange";
import { answer } from "./headers";

/** The API, ahead of Next. Refusals that need no procedure stand here; who may call what is decided by the procedures. */
export function openApi(sys: SystemCtx): (exchange: Exchange) => void {
  const exchanges = new WeakMap<object, Exchange>();
  const handle: RequestListener = createHTTPHandler({
    ...httpOptions,
    router: appRouter,
    basePath: "/api/trpc/",
    maxBodySize: BODY_BYTES_MAX,
    createContext({ req }) {
      const exchange = exchanges.get(req);
      if (!exchange) throw new Error("a request without its exchange");
      return createContext(sys, { headers: req.headers, ip: exchange.ip, transport: "http", requestId: exchange.requestId });
    },
  });

  return (exchange) => {
    const { req, res } = exchange;
    exchange.route = "trpc";
    const refusal = refusalOf(sys, exchange);
    if (refusal) {
      sys.log.warn(
        { security: "api_refused", requestId: exchange.requestId, ip: exchange.ip, reason: refusal.reason },
        "API request refused",
      );
      res.setHeader("connection", "close");
      return answer(res, refusal.status, refusal.reason);
    }
    exchanges.set(req, exchange);
    handle(req, res);
  };
}

function refusalOf(sys: SystemCtx, { req }: Exchange): { status: number; reason: string } | null {
  const { origin } = req.headers;
  if (origin !== undefined && !isOwnOrigin(sys.config, origin)) return { status: 403, reason: "foreign origin" };
  if (req.method === "POST" && !/^application\/json\s*(;|$)/i.test(req.headers["content-type"] ?? "")) {
    return { status: 415, reason: "JSON only" };
  }
  if (Number(req.headers["content-length"] ?? 0) > BODY_BYTES_MAX) return { status: 413, reason: "body too large" };
  return req.method === "GET" || req.method === "POST" ? null : { status: 405, reason: "GET or POST" };
}
