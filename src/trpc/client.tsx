"use client";

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { httpBatchLink, isTRPCClientError, splitLink } from "@trpc/client";
import { createTRPCReact } from "@trpc/react-query";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import { paths } from "~/lib/paths";
import type { AppRouter } from "~/server/api/root";
import { makeQueryClient } from "./query-client";
import { liveLink } from "./socket";

/** Typed hooks for every procedure: `api.payment.list.useQuery(input)`. */
export const api = createTRPCReact<AppRouter>();
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** The server refuses longer batches. */
const BATCH_MAX = 10;

let browserClient: QueryClient | undefined;

/** One cache per browser tab, one per request on the server. */
function queryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  browserClient ??= makeQueryClient(leaveWhenSignedOut);
  return browserClient;
}

/** A session that has ended shows the sign-in page, and comes back here afterwards. */
function leaveWhenSignedOut(error: unknown): void {
  if (!isTRPCClientError(error) || (error.data as { appCode?: string } | null)?.appCode !== "unauthenticated") return;
  location.assign(paths.signIn(`${location.pathname}${location.search}`));
}

export function TRPCReactProvider({ children }: { children: ReactNode }) {
  const client = queryClient();
  const [trpc] = useState(() =>
    api.createClient({
      links: [
        splitLink({
          condition: ({ type }) => type === "subscription",
          true: liveLink<AppRouter>(),
          false: httpBatchLink({
            url: "/api/trpc",
            transformer: superjson,
            maxItems: BATCH_MAX,
            // Searches name people and orders: they travel in the body, never in an address that ends up in logs (WEB-02).
            methodOverride: "POST",
          }),
        }),
      ],
    }),
  );
  return (
    <api.Provider client={trpc} queryClient={client}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </api.Provider>
  );
}
