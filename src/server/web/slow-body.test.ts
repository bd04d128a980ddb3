import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { endSlowBody } from "./slow-body";

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** Sends a head that promises ten bytes, then `body`, and answers all that came back until the connection closed. */
async function post(withinMs: number, body: string): Promise<string> {
  server = createServer((req, res) => {
    endSlowBody(req, res, withinMs);
    req.on("error", () => {});
    req.resume().on("end", () => res.writeHead(200, { connection: "close" }).end("all of it"));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n${body}`));
    socket.on("data", (chunk) => {
      heard += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}

it("RATE-01 a body that never ends is answered and cut off", async () => {
  expect(await post(50, "half")).toMatch(/^HTTP\/1\.1 408 /);
});

it("a body that is all there is left alone", async () => {
  expect(await post(60_000, "0123456789")).toMatch(/^HTTP\/1\.1 200 .*all of it/s);
});
