"use client";

import { createWSClient, type TRPCLink, type TRPCWebSocketClient, wsLink } from "@trpc/client";
import type { AnyTRPCRouter } from "@trpc/server";
import { useEffect, useState, useSyncExternalStore } from "react";
import superjson from "superjson";
import { seconds } from "~/lib/time";

const PATH = "/ws/payment/notification";
const BACKOFF_MS = [0, 1_000, 2_000, 5_000, 10_000] as const;
const BACKOFF_MAX_MS = 20_000;

let socket: TRPCWebSocketClient | undefined;

/** The tab's one socket, opened by the first subscription. After a drop it comes back by itself, spread out so that a restart is not a stampede. */
function client(): TRPCWebSocketClient {
  socket ??= createWSClient({
    url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${PATH}`,
    lazy: { enabled: true, closeMs: seconds(10) },
    keepAlive: { enabled: true, intervalMs: seconds(20), pongTimeoutMs: seconds(5) },
    retryDelayMs: (attempt) => (BACKOFF_MS[attempt] ?? BACKOFF_MAX_MS) * (0.5 + Math.random() / 2),
  });
  return socket;
}

/** The link of subscriptions. On the server there are none, and no socket is made. */
export function liveLink<Router extends AnyTRPCRouter>(): TRPCLink<Router> {
  return (runtime) => (operation) => wsLink<Router>({ client: client(), transformer: superjson as never })(runtime)(operation);
}

const LOST_AFTER_MS = 4_000;

/** Whether the socket has been away long enough that a person should know. False while nothing has subscribed. */
export function useConnectionLost(): boolean {
  const away = useSyncExternalStore(
    (changed) => {
      const watch = client().connectionState.subscribe({ next: changed });
      return () => watch.unsubscribe();
    },
    () => {
      const state = socket?.connectionState.get();
      return state?.state === "connecting" && state.error !== null;
    },
    () => false,
  );
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!away) {
      setLost(false);
      return;
    }
    const timer = setTimeout(() => setLost(true), LOST_AFTER_MS);
    return () => clearTimeout(timer);
  }, [away]);
  return lost;
}
