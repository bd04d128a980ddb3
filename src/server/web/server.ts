import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import nodePath from "node:path";
import { REPORT_PATH } from "~/lib/page-policy";
import { seconds } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import { watchHealth } from "~/server/health";
import type { Metrics } from "~/server/metrics";
import { isOwnOrigin, judgeHost } from "./addresses";
import { callbackAddress } from "./callback";
import { handleCallback } from "./callbacks";
import { giveCheckoutCookie } from "./checkout-cookie";
import type { Shared } from "./cluster";
import { handleCspReport } from "./csp-report";
import { type Exchange, openExchange, tellInside } from "./exchange";
import { answer, isLinkPage, securityHeaders } from "./headers";
import type { Pages } from "./pages";
import { BODY_WITHIN_MS, endSlowBody, UPLOAD_WITHIN_MS } from "./slow-body";
import { hangUp, openSockets } from "./sockets";
import { openStaticFiles } from "./static-files";
import { openApi } from "./trpc";

const HEADERS_WITHIN_MS = seconds(10);
/** Longer than balancers keep theirs, so that they close first. */
const KEEP_ALIVE_MS = seconds(65);
/** Requests under way get this long when we stop; sockets were told to come back elsewhere. */
const FINISH_WITHIN_MS = seconds(10);

/** Takes pictures, the only large bodies. */
const UPLOAD_PATH = "/api/facetoface/pictures";
const METHODS = new Set(["GET", "HEAD", "POST"]);

export type WebServer = { server: Server; listen(port: number, host: string): Promise<number>; stop(): Promise<void> };

/** The web process's one HTTP server: callbacks, then health and figures, then the API, then pages. Sockets beside them. */
export function createWebServer(sys: SystemCtx, metrics: Metrics, shared: Shared, pages: Pages): WebServer {
  const headers = securityHeaders(sys.config);
  const health = watchHealth(sys);
  const api = openApi(sys);
  const staticFiles = openStaticFiles(nodePath.resolve(".next", "static"));
  const sockets = openSockets(sys, metrics, shared.quota);

  const route = async (exchange: Exchange): Promise<void> => {
    const { req, res, path } = exchange;
    endSlowBody(req, res, path === UPLOAD_PATH ? UPLOAD_WITHIN_MS : BODY_WITHIN_MS);
    if (!METHODS.has(req.method ?? "")) {
      res.setHeader("allow", [...METHODS].join(", "));
      return answer(res, 405);
    }
    if (path.startsWith("/api/payment/")) {
      const address = callbackAddress(path);
      return address ? handleCallback(sys, metrics, exchange, address) : answer(res, 404, { code: "FAIL", message: "no such address" });
    }
    if (path === "/api/health/live" || path === "/api/health/ready") return tellHealth(exchange);
    if (path === "/metrics") return tellMetrics(exchange);
    if (!isForUs(exchange)) return;
    tellInside(sys.config, exchange);
    if (path === REPORT_PATH) return handleCspReport(sys, exchange);
    if (path.startsWith("/api/trpc/")) return api(exchange);
    return showPage(exchange);
  };

  /** Callbacks and probes come under whatever name; people come under ours (their cookies live there). */
  const isForUs = ({ req, res, requestId, ip }: Exchange): boolean => {
    const verdict = judgeHost(sys.config, req.headers.host);
    if (verdict === "ours") return true;
    if (verdict === "alias" && req.method === "GET") {
      res.setHeader("location", `${sys.config.appUrl}${(req.url ?? "/").startsWith("/") ? req.url : "/"}`);
      answer(res, 307);
      return false;
    }
    sys.log.warn({ security: "foreign_host", requestId, ip }, "request for another host refused");
    res.setHeader("connection", "close");
    answer(res, 421, "This is not the address of this service.");
    return false;
  };

  const showPage = async (exchange: Exchange): Promise<void> => {
    const { req, res, path, requestId, ip } = exchange;
    if (path.startsWith("/_next/")) exchange.route = "asset";
    if (staticFiles(exchange)) return;
    if (req.method === "POST" && !isOwnOrigin(sys.config, req.headers.origin)) {
      sys.log.warn({ security: "foreign_origin", requestId, ip }, "post from a foreign origin refused");
      res.setHeader("connection", "close");
      return answer(res, 403, "foreign origin");
    }
    if (isLinkPage(path)) {
      res.setHeader("referrer-policy", "no-referrer");
      if (req.method === "GET") giveCheckoutCookie(sys.config, path, res);
    }
    await pages.handle(req, res);
  };

  const tellHealth = async (exchange: Exchange): Promise<void> => {
    exchange.route = "health";
    const report = await health.ready();
    // Alive is who answers; whether the database does as well decides about traffic, not about a restart.
    if (exchange.path.endsWith("/live")) return answer(exchange.res, 200, { ...report, status: "ok" });
    answer(exchange.res, report.status === "ok" ? 200 : 503, report);
  };

  const tellMetrics = async (exchange: Exchange): Promise<void> => {
    exchange.route = "metrics";
    if (!mayReadMetrics(sys, exchange)) return answer(exchange.res, 404);
    answer(exchange.res, 200, await shared.metricsText());
  };

  const server = createServer(
    { requestTimeout: UPLOAD_WITHIN_MS, headersTimeout: HEADERS_WITHIN_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (req: IncomingMessage, res: ServerResponse) => {
      const startedAt = performance.now();
      for (const [name, value] of headers) res.setHeader(name, value);
      const exchange = openExchange(sys.config, req, res);
      res.once("close", () => {
        metrics.requests.observe(
          { route: exchange.route, method: req.method ?? "", status: String(res.statusCode) },
          (performance.now() - startedAt) / 1_000,
        );
      });
      route(exchange).catch((error: unknown) => {
        sys.log.error({ error, requestId: exchange.requestId, route: exchange.route }, "request failed");
        answer(res, 500, { code: "internal", requestId: exchange.requestId });
      });
    },
  );
  server.on("upgrade", (req, socket, head) => {
    if (sockets.upgrade(req, socket, head) || pages.upgrade(req, socket, head)) return;
    hangUp(socket, 404);
  });
  server.on("clientError", (_error, socket) => hangUp(socket, 400));

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          const address = server.address();
          resolve(typeof address === "object" && address ? address.port : port);
        });
      }),
    /** No new work, then what is under way, then the rest is cut off. */
    async stop() {
      health.stop();
      sockets.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
      await closed;
      clearTimeout(cut);
      await pages.close();
    },
  };
}

/** From this machine itself, or with the token. A proxy in front makes everybody look local, so then only the token counts. */
function mayReadMetrics({ config }: SystemCtx, { req, ip }: Exchange): boolean {
  const token = config.metricsToken?.reveal();
  const given = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1];
  if (token && given) {
    const [a, b] = [Buffer.from(token), Buffer.from(given)];
    return a.length === b.length && timingSafeEqual(a, b);
  }
  const proxied = req.headersDistinct["x-forwarded-for"] !== undefined || req.headersDistinct.forwarded !== undefined;
  return !proxied && (ip === "127.0.0.1" || ip === "::1");
}
