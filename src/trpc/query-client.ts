import { defaultShouldDehydrateQuery, MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isTRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { seconds } from "~/lib/time";

const RETRIES_MAX = 2;

/** Only a broken line or a busy house is worth asking again by itself; what a person can act on is shown at once. */
function worthRetrying(failures: number, error: unknown): boolean {
  if (failures >= RETRIES_MAX) return false;
  const appCode = isTRPCClientError(error) ? (error.data as { appCode?: string } | null)?.appCode : undefined;
  return appCode === undefined || appCode === "unavailable";
}

/** The same settings on the server, where a page prefetches, and in the browser, where it takes over. `onError` hears of every failed call. */
export function makeQueryClient(onError?: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Live news says when something is out of date; until then what the server prefetched is good.
        staleTime: seconds(30),
        retry: worthRetrying,
        // Inputs carry amounts as bigint, which JSON.stringify refuses.
        queryKeyHashFn: (key) => superjson.stringify(key),
      },
      dehydrate: {
        // A query that is still running on the server travels as a promise, and the page is not held up.
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
        shouldRedactErrors: () => true,
      },
    },
  });
}
