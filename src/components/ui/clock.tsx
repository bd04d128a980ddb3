"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";

type Clock = { first: Date; now: () => Date };

// Outside a provider there is no page that shows time; the epoch makes a forgotten provider visible at once.
const ClockContext = createContext<Clock>({ first: new Date(0), now: () => new Date(0) });

/** Gives the page the platform's time (which a test clock may have moved) and lets it run on from there. */
export function ClockProvider({ now, children }: { now: Date; children: ReactNode }) {
  const at = now.getTime();
  const mountedAt = useRef(0);
  // Rendering happens within a moment of being told the time, on the server as here: until mounted, time stands still.
  const clock = useMemo<Clock>(() => {
    mountedAt.current = 0;
    return {
      first: new Date(at),
      now: () => new Date(at + (mountedAt.current ? performance.now() - mountedAt.current : 0)),
    };
  }, [at]);
  useEffect(() => {
    if (at) mountedAt.current = performance.now();
  }, [at]);
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** Reads the platform's time when something happens. */
export const useClock = (): (() => Date) => useContext(ClockContext).now;

/** The platform's time as of rendering, again every `everyMs`. The first rendering equals the server's. */
export function useNow(everyMs: number | null): Date {
  const clock = useContext(ClockContext);
  const [now, setNow] = useState(clock.first);
  useEffect(() => {
    setNow(clock.now());
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(clock.now()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
