import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { encode } from "next-auth/jwt";
import { WebSocket } from "ws";
import type { Id } from "~/lib/id";
import { createMetrics } from "~/server/metrics";
import { cookieNames } from "~/server/session-cookie";
import type { System } from "~/server/system";
import { sharedAlone } from "~/server/web/cluster";
import type { Pages } from "~/server/web/pages";
import { createWebServer } from "~/server/web/server";
import { findFreePort } from "./ports";
import { createTestDatabase } from "./postgres";
import { openTestSystem } from "./system";

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };
export type Ask = { method?: string; path: string; headers?: OutgoingHttpHeaders; body?: string | Buffer };

/** What stands behind the web process in its tests: says what it was asked, so that a test sees what Next would see. */
const echo: Pages = {
  async handle(req, res) {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify({ url: req.url, headers: req.headers }));
  },
  upgrade: () => false,
  async close() {},
};

/** The web process's server on a database of its own, with an echo in place of the pages. `afterAll(() => web.close())`. */
export async function openTestWeb(env: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const port = await findFreePort();
  const appUrl = env.APP_URL ?? `http://127.0.0.1:${port}`;
  const sys = await openTestSystem(database.appUrl, { APP_URL: appUrl, ...env });
  const metrics = createMetrics(sys);
  const web = createWebServer(sys, metrics, sharedAlone(metrics), echo);
  await web.listen(port, "127.0.0.1");
  const host = new URL(appUrl).host;
  const origin = new URL(appUrl).origin;

  /** One request as it is given: no redirects, no headers but the host's. */
  const ask = ({ method = "GET", path, headers = {}, body }: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const req = request({ host: "127.0.0.1", port, method, path, headers: { host, ...headers } }, (res) => {
        let text = "";
        res.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
      });
      req.on("error", reject);
      req.end(body);
    });

  return {
    sys,
    database,
    port,
    appUrl,
    host,
    origin,
    ask,
    stop: web.stop,
    cookieOf: (sessionId: Id<"session">) => sessionCookie(sys, sessionId),
    /** Opens the socket; answers it, or the status with which it was refused. */
    socket(headers: Record<string, string>, path = "/ws/payment/notification"): Promise<WebSocket | number> {
      const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { host, ...headers } });
      return new Promise((resolve, reject) => {
        ws.once("open", () => resolve(ws));
        ws.once("unexpected-response", (_request, response) => {
          resolve(response.statusCode ?? 0);
          response.destroy();
        });
        ws.once("error", reject);
      });
    },
    async close() {
      await web.stop();
      await sys.close();
      await database.drop();
    },
  };
}

async function sessionCookie(sys: System, sessionId: Id<"session">): Promise<string> {
  const token = await encode({ token: { sid: sessionId }, secret: sys.config.authSecret.reveal() });
  return `${cookieNames(sys.config).session}=${token}`;
}
