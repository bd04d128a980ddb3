import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { createServerSideHelpers } from "@trpc/react-query/server";
import { cache, type ReactNode } from "react";
import superjson from "superjson";
import { appRouter } from "~/server/api/root";
import { createServerContext } from "~/server/api/server-context";
import { makeQueryClient } from "./query-client";

/**
 * Prefetches for the page that is being rendered, with the rights of the person who looks at it:
 * `const api = await prefetcher(); void api.payment.list.prefetch(input);` and then `<Prefetched>` around the client component.
 */
export const prefetcher = cache(async () =>
  createServerSideHelpers({ router: appRouter, ctx: await createServerContext(), transformer: superjson, queryClient: makeQueryClient() }),
);

/** Hands what was prefetched over to the client component inside. */
export async function Prefetched({ children }: { children: ReactNode }) {
  const { queryClient } = await prefetcher();
  return <HydrationBoundary state={dehydrate(queryClient)}>{children}</HydrationBoundary>;
}
