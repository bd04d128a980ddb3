/**
 * So much more is read, and forgotten, before a body is given up: who sends while nobody reads sees a broken line and never the
 * answer that says why. Beyond it, the line may break.
 */
export const DRAINED_BYTES_MAX = 8 * 1024 * 1024;

/** The request with its body read up to `bytesMax`, or null when there is more: a length header proves nothing. */
export async function boundedRequest(request: Request, bytesMax: number): Promise<Request | null> {
  if (!request.body) return request;
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bytesMax + DRAINED_BYTES_MAX) return null;
    if (size > bytesMax) chunks = [];
    else chunks.push(chunk);
  }
  if (size > bytesMax) return null;
  return new Request(request.url, { method: request.method, headers: request.headers, body: Buffer.concat(chunks) });
}
