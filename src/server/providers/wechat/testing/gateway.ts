import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Headers, signedHeaders } from "./channel";

/** One request as it arrived, raw target included. */
export type Arrived = { method: string; target: string; headers: IncomingMessage["headers"]; body: string };
export type Reply = { status: number; headers?: Record<string, string | string[]>; body?: string | Buffer } | "reset" | "hang";
type Script = (arrived: Arrived, turn: number) => Reply;

/**
 * A gateway that says exactly what a test tells it to, over a real socket. For wire faults that only a broken or hostile
 * peer shows; what the real provider would say is the simulator's part.
 */
export async function scriptedGateway() {
  const requests: Arrived[] = [];
  let script: Script = () => ({ status: 404 });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const arrived = {
      method: request.method ?? "",
      target: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(arrived);
    answer(response, script(arrived, requests.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What came since the last `says`. */
    requests,
    says(next: Script) {
      requests.length = 0;
      script = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === "reset") return void response.socket?.destroy();
  if (reply === "hang") return;
  response.writeHead(reply.status, reply.headers).end(reply.body);
}

/** A reply as WeChat Pay signs it. */
export function signed(status: number, body: unknown, at: Date, changes: Headers = {}): Reply {
  const text = body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers: { "request-id": "08F0E1D2C3", ...signedHeaders(text, at, changes) }, body: text };
}

export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", "request-id": "08F0E1D2C3", ...headers },
  body: JSON.stringify({ code, message: "见错误码" }),
});
