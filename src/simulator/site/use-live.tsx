import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { FacetofaceDesk, FaultsOutput, StateView } from "../control/types";
import { createFeed, type Feed, type Live } from "./live";

const FeedContext = createContext<Feed | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [feed] = useState(createFeed);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (!feed) throw new Error("there is no LiveProvider above");
  return feed;
}

export function useLive(): Live {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, feed.read);
}

type Known = { state: StateView; faults: FaultsOutput; signing: FacetofaceDesk };
const KnownContext = createContext<Known | null>(null);

/** Hands down what everything below needs to have been read. */
export const KnownProvider = ({ known, children }: { known: Known; children: ReactNode }) => (
  <KnownContext value={known}>{children}</KnownContext>
);

/** State, switches and applications; only below what waits for them. */
export function useKnown(): Known {
  const known = useContext(KnownContext);
  if (!known) throw new Error("there is no KnownProvider above");
  return known;
}

/** Reads the simulator's time when something happens. */
export function useClock(): () => Date {
  const { state, clockReadAt } = useLive();
  return () => new Date((state ? Date.parse(state.clock.now) : 0) + performance.now() - clockReadAt);
}

/** The simulator's time, again every `everyMs`. */
export function useNow(everyMs = 1_000): Date {
  const clock = useClock();
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return clock();
}
