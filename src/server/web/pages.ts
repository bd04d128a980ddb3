import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import next from "next";
import type { Config } from "~/server/config";

/** Next's pages and files, behind everything that the web process answers itself. */
export type Pages = {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Development only: the socket by which changed modules reach the browser. Answers false when nobody took it. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
};

export async function openPages(config: Config): Promise<Pages> {
  // Next would add its own listener for upgrades to the server that it is called from. This one has none (WEB-05).
  const nobody = new EventEmitter();
  const app = next({ dev: config.development, hostname: config.host, port: config.port, httpServer: nobody as unknown as Server });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (req, res) => handle(req, res),
    upgrade: (req, socket, head) =>
      config.development && (req.url ?? "").startsWith("/_next/") && nobody.emit("upgrade", req, socket, head),
    close: () => app.close(),
  };
}
