"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef } from "react";
import { api } from "./client";
import { routersOf } from "./live-map";

/** Something happened in this tenant: `payment.settle` of one payment. `gap` means that some may have been missed. */
export type LiveNews = { id: string; type: string; subject: string };
type Listener = (news: LiveNews) => void;

const LiveContext = createContext<Set<Listener>>(new Set());

/** News that comes in bursts (fifty callbacks) asks for fresh data once. */
const GATHER_MS = 250;

/** The page's one subscription: marks the queries that the news is about as out of date, and tells whoever listens. Nothing is heard outside of a tenant. */
export function LiveProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const listeners = useMemo(() => new Set<Listener>(), []);
  const queries = useQueryClient();
  const pending = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const refresh = useCallback(
    (routers: readonly string[]) => {
      for (const router of routers) pending.current.add(router);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const wanted = pending.current;
        pending.current = new Set();
        void queries.invalidateQueries({
          predicate: ({ queryKey }) => wanted.has("*") || wanted.has(String((queryKey[0] as readonly string[] | undefined)?.[0])),
        });
      }, GATHER_MS);
    },
    [queries],
  );
  useEffect(() => () => clearTimeout(timer.current), []);

  api.event.live.useSubscription(undefined, {
    enabled,
    onData: ({ id, data }) => {
      const news = { id, ...data };
      refresh(routersOf(news.type));
      for (const listener of listeners) listener(news);
    },
  });
  return <LiveContext value={listeners}>{children}</LiveContext>;
}

/** For what is not a query: a count in the sidebar, a sentence in a form. Queries refresh by themselves. */
export function useLive(onNews: Listener): void {
  const listeners = useContext(LiveContext);
  const latest = useRef(onNews);
  latest.current = onNews;
  useEffect(() => {
    const listener: Listener = (news) => latest.current(news);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listeners]);
}
