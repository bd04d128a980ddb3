import type { IncomingMessage } from "node:http";

/** The body is larger than it may be; the rest of it was not read. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** The exact bytes of a request, read once and never beyond `maxBytes`. Throws `BodyTooLargeError`. */
export async function readRawBody(request: IncomingMessage | Request, maxBytes: number): Promise<Buffer> {
  const announced = Number(headerOf(request, "content-length") ?? 0);
  if (announced > maxBytes) throw new BodyTooLargeError(`${announced} bytes announced, ${maxBytes} allowed`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = request instanceof Request ? (request.body ?? []) : request;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new BodyTooLargeError(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && Buffer.isBuffer(chunks[0]) ? chunks[0] : Buffer.concat(chunks);
}

function headerOf(request: IncomingMessage | Request, name: string): string | null {
  if (request instanceof Request) return request.headers.get(name);
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
