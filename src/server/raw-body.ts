import type { IncomingMessage } from "node:http";

/** The body is larger than it may be; the rest of it was not read. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** The exact bytes of a request, read once and never beyond `maxBytes`. Throws `BodyTooLargeError`. */
export async function readRawBody(request: IncomingMessage | Request, maxBytes: number): Promise<Buffer> {
  const announced = Number(headerOf(request, "content-length") ?? 0);
  if (announced > maxBytes) throw new BodyTooLargeError(`${announced} bytes announced, ${maxBytes} allowed`);
  return request instanceof Request ? readStream(request.body ?? [], maxBytes) : readMessage(request, maxBytes);
}

async function readStream(stream: Iterable<Uint8Array> | ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** By its events: an iterator costs as much as everything else that is done to a small body. */
function readMessage(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      message.removeAllListeners("data").pause();
      reject(tooLarge(maxBytes));
    });
    message.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    message.on("error", reject);
    const wentAway = () => reject(Object.assign(new Error("the sender went away"), { code: "ECONNRESET" }));
    message.once("close", () => message.readableEnded || wentAway());
    if (message.destroyed) wentAway();
  });
}

const tooLarge = (maxBytes: number) => new BodyTooLargeError(`more than ${maxBytes} bytes`);

function headerOf(request: IncomingMessage | Request, name: string): string | null {
  if (request instanceof Request) return request.headers.get(name);
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
