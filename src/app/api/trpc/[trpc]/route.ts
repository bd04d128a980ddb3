import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createContext } from "~/server/api/context";
import { BODY_BYTES_MAX } from "~/server/api/input-limits";
import { appRouter } from "~/server/api/root";
import { httpOptions } from "~/server/api/transport";
import { boundedRequest } from "~/server/bounded-request";
import { clientAddress } from "~/server/client-address";
import { getSystem } from "~/server/system";

// The web process answers this address before Next does; under plain `next start` this route does.
async function handle(request: Request): Promise<Response> {
  const sys = await getSystem();
  const bounded = await boundedRequest(request, BODY_BYTES_MAX);
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

export { handle as GET, handle as POST };
