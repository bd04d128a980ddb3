import { createTRPCClient, httpLink, splitLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "~/server/api/root";
import { liveLink } from "~/trpc/socket";

/** The API without a cache around it: this page asks three things, and its weight is what a buyer waits for. */
export const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: liveLink<AppRouter>(),
      // The token travels in the body, so that it stays out of logs of addresses (WEB-02).
      false: httpLink({ url: "/api/trpc", transformer: superjson, methodOverride: "POST" }),
    }),
  ],
});
