import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { parseCookie } from "cookie";
import { type WebSocket, WebSocketServer } from "ws";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { newId } from "~/lib/id";
import { minutes, seconds } from "~/lib/time";
import { type ApiContext, createContext } from "~/server/api/context";
import { appRouter } from "~/server/api/root";
import { logFailure } from "~/server/api/transport";
import { clientAddress } from "~/server/client-address";
import type { SystemCtx } from "~/server/context";
import type { Metrics } from "~/server/metrics";
import { openCheckout } from "~/server/services/payment";
import { isOwnOrigin, judgeHost } from "./addresses";
import { CHECKOUT_COOKIE } from "./checkout-cookie";
import type { SocketQuota } from "./socket-quota";

const SOCKET_PATH = "/ws/payment/notification";
const FRAME_MAX_BYTES = 65_536;
const CHECK_EVERY_MS = minutes(1);
const PING_EVERY_MS = seconds(25);
/** Subscriptions one socket may hold; a page has one or two. */
const SUBSCRIPTIONS_MAX = 20;
/** A reader this far behind is gone or hostile; it comes back and asks for everything. */
const UNSENT_MAX_BYTES = 1_048_576;
/** Cookies of checkout pages that are tried, newest first: a buyer has one or two open. */
const CHECKOUTS_MAX = 5;

const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** Who holds a socket: a signed-in person, or the buyer of one payment. */
type Holder = { key: string; user: Id<"user"> | null };

export type Sockets = {
  /** Whether the upgrade was ours to answer. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  stop(): void;
};

/** The one WebSocket of the house, answered ahead of Next (WEB-05). */
export function openSockets(sys: SystemCtx, metrics: Metrics, quota: SocketQuota): Sockets {
  const wss = new WebSocketServer({ noServer: true, maxPayload: FRAME_MAX_BYTES, perMessageDeflate: false });
  const contexts = new WeakMap<IncomingMessage, ApiContext>();
  const api = applyWSSHandler({
    wss,
    router: appRouter,
    createContext: ({ req }) => {
      const context = contexts.get(req);
      if (!context) throw new Error("a socket without its context");
      return context;
    },
    keepAlive: { enabled: true, pingMs: PING_EVERY_MS, pongWaitMs: seconds(5) },
    onError: logFailure,
  });

  const admit = async (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const context = contextOf(sys, req);
    const refuse = (status: number, reason: string) => {
      sys.log.warn({ security: "socket_refused", requestId: context.requestId, ip: context.ip, reason }, "socket refused");
      hangUp(socket, status);
    };
    if (judgeHost(sys.config, req.headers.host) === "foreign") return refuse(421, "foreign host");
    if (!isOwnOrigin(sys.config, req.headers.origin)) return refuse(403, "foreign origin");
    const holder = await holderOf(sys, context, req.headers.cookie);
    if (!holder) return refuse(401, "not signed in");
    if (!(await quota.take(holder.key))) return refuse(429, "too many sockets");
    if (socket.destroyed) return quota.release(holder.key);
    contexts.set(req, context);
    wss.handleUpgrade(req, socket, head, (ws) => {
      metrics.sockets.inc();
      ws.once("close", () => {
        metrics.sockets.dec();
        quota.release(holder.key);
      });
      watch(sys, ws, context, holder);
      wss.emit("connection", ws, req);
    });
  };

  return {
    upgrade(req, socket, head) {
      if ((req.url ?? "").split("?", 1)[0] !== SOCKET_PATH) return false;
      socket.on("error", () => socket.destroy());
      admit(req, socket, head).catch((error: unknown) => {
        sys.log.error({ error }, "socket could not be opened");
        hangUp(socket, 503);
      });
      return true;
    },
    stop() {
      api.broadcastReconnectNotification();
      for (const ws of wss.clients) ws.close(GOING_AWAY);
      wss.close();
    },
  };
}

/** Refuses an upgrade that nobody here answers. */
export function hangUp(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  const words: Record<number, string> = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    421: "Misdirected Request",
    429: "Too Many Requests",
  };
  socket.end(`HTTP/1.1 ${status} ${words[status] ?? "Service Unavailable"}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function contextOf(sys: SystemCtx, req: IncomingMessage): ApiContext {
  const forwarded = req.headers["x-forwarded-for"];
  const ip = clientAddress(req.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(",") : forwarded, sys.config.trustProxy);
  return createContext(sys, { headers: req.headers, ip, transport: "socket", requestId: newId("request") });
}

async function holderOf(sys: SystemCtx, context: ApiContext, cookieHeader: string | undefined): Promise<Holder | null> {
  const identity = await context.identify({ touch: false });
  if (identity) return { key: `user:${identity.userId}`, user: identity.userId };
  const tokens = Object.entries(parseCookie(cookieHeader ?? "")).flatMap(([name, value]) =>
    CHECKOUT_COOKIE.test(name) && value ? [value] : [],
  );
  for (const token of tokens.slice(-CHECKOUTS_MAX)) {
    try {
      const { paymentId } = await openCheckout(sys, token, context);
      return { key: `payment:${paymentId}`, user: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return null;
}

/** Procedures check each message; this checks the socket itself, also when nothing is said on it, and bounds what it may hold. */
function watch(sys: SystemCtx, ws: WebSocket, context: ApiContext, holder: Holder): void {
  let subscriptions = 0;
  ws.on("error", () => ws.terminate());
  ws.on("message", (data) => {
    const text = data.toString();
    if (/"method"\s*:\s*"subscription"/.test(text)) subscriptions += 1;
    else if (/"method"\s*:\s*"subscription\.stop"/.test(text)) subscriptions -= 1;
    if (subscriptions > SUBSCRIPTIONS_MAX) ws.close(POLICY_VIOLATION, "too many subscriptions");
    if (ws.bufferedAmount > UNSENT_MAX_BYTES) ws.terminate();
  });
  if (!holder.user) return;
  const check = async () => {
    const identity = await context.identify({ touch: false });
    if (identity?.userId !== holder.user) ws.close(POLICY_VIOLATION, "signed out");
    else if (ws.bufferedAmount > UNSENT_MAX_BYTES) ws.terminate();
  };
  const timer = setInterval(() => {
    // Who cannot be checked may not listen on: a doubt is a refusal.
    check().catch((error: unknown) => {
      sys.log.warn({ error }, "socket could not be checked");
      ws.close(POLICY_VIOLATION, "not checked");
    });
  }, CHECK_EVERY_MS);
  ws.once("close", () => clearInterval(timer));
}
