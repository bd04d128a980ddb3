import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { serveBillDownload } from "./alipay/bill/download";
import { serveGateway } from "./alipay/gateway";
import { serveCashier } from "./cashier/routes";
import { serveControl } from "./control/router";
import { answer, type Reply, type WireRequest } from "./http/wire";
import { Notifier } from "./notify/notifier";
import { serveSite } from "./site-files";
import { ALIPAY_DOWNLOAD_PATH } from "./statement/routes";
import { serveWechat } from "./wechat/api";
import { World } from "./world";

export type SimulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  dataDir: string;
  /** Follow (and allow moving) the clock file in `dataDir`. */
  testClock: boolean;
  /** Address under which phones and browsers reach us; default: as each caller addressed us. */
  publicUrl?: string;
  siteDir?: string;
};
export type Simulator = { url: string; port: number; close(): Promise<void> };

const BODY_MAX = 30 * 1024 * 1024;
/** A call that hangs is let go after this, should the caller have no limit of its own. */
const HANG_MS = 120_000;

/** Starts the stand-in for both providers: their gateways, the buyer's cashier, the control interface and the site, on one port. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = new World({ dataDir: options.dataDir, testClock: options.testClock });
  const notifier = new Notifier(world);
  const siteDir = options.siteDir ?? path.resolve("dist", "simulator-site");
  const server = http.createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      // A caller that hangs up in the middle of its own request needs no answer.
      if (incoming.destroyed && !incoming.complete) return;
      console.error("simulator:", error);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("simulator error");
    });
  });
  // The gateways accept what proxies would refuse; limits are stated by each protocol, not by the server.
  server.requestTimeout = 60_000;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whoever compares clocks must meet the test clock here too.
    response.setHeader("date", world.now().toUTCString());
    const body = await readBody(incoming);
    const reply = body ? await route(toWireRequest(incoming, body, options.publicUrl)) : answer(413, { connection: "close" }, "too large");
    write(response, reply);
  }

  async function route(request: WireRequest): Promise<Reply> {
    if (request.path === "/gateway.do") return serveGateway(world, request);
    if (request.path === ALIPAY_DOWNLOAD_PATH) return serveBillDownload(world, request);
    if (request.path.startsWith("/v3/")) return serveWechat(world, request);
    if (request.path.startsWith("/control/")) return serveControl(world, notifier, request);
    return serveCashier(world, request) ?? serveSite(siteDir, request);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });
  notifier.start();
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await notifier.stop();
      await closed;
      world.save();
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toWireRequest(incoming: IncomingMessage, body: Buffer, publicUrl: string | undefined): WireRequest {
  const target = incoming.url ?? "/";
  const at = target.indexOf("?");
  const callerOrigin = `http://${incoming.headers.host ?? "127.0.0.1"}`;
  return {
    method: incoming.method ?? "GET",
    target,
    path: at === -1 ? target : target.slice(0, at),
    query: at === -1 ? "" : target.slice(at + 1),
    headers: incoming.headers,
    body,
    remoteAddress: incoming.socket.remoteAddress ?? "",
    origin: publicUrl ?? callerOrigin,
    callerOrigin,
  };
}

function write(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case "answer":
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body);
      return;
    case "stream":
      reply.open(response);
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "close":
      response.socket?.destroy();
      return;
    case "hang":
      setTimeout(() => response.socket?.destroy(), HANG_MS).unref();
  }
}
