import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createContext } from "~/server/api/context";
import { BODY_BYTES_MAX } from "~/server/api/input-limits";
import { appRouter } from "~/server/api/root";
import { httpOptions } from "~/server/api/transport";
import { clientAddress } from "~/server/client-address";
import { getSystem } from "~/server/system";

// The web process answers this address before Next does; under plain `next start` this route does.
async function handle(request: Request): Promise<Response> {
  const sys = await getSystem();
  const bounded = await withinLimit(request);
  if (!bounded) return new Response(null, { status: 413 });
  return fetchRequestHandler({
    ...httpOptions,
    endpoint: "/api/trpc",
    router: appRouter,
    req: bounded,
    createContext: () =>
      createContext(sys, {
        headers: request.headers,
        ip: clientAddress(undefined, request.headers.get("x-forwarded-for"), 1),
        transport: "http",
      }),
  });
}

/** The request with its body read up to the limit, or null when it is larger. */
async function withinLimit(request: Request): Promise<Request | null> {
  if (!request.body) return request;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return new Request(request.url, { method: request.method, headers: request.headers, body: Buffer.concat(chunks) });
}

export { handle as GET, handle as POST };
