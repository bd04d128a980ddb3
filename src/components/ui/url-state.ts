"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

export type UrlState = Readonly<Record<string, string>>;

/** The state that a query string says, over the defaults. Names that the page does not know are not read. */
export function readUrlState<State extends UrlState>(defaults: State, search: URLSearchParams): State {
  const state: Record<string, string> = {};
  for (const [name, fallback] of Object.entries(defaults)) state[name] = search.get(name) ?? fallback;
  return state as State;
}

/** The query string of a state: defaults are left out, names of others are kept. Empty, or beginning with `?`. */
export function writeUrlState<State extends UrlState>(defaults: State, state: State, search: URLSearchParams): string {
  const next = new URLSearchParams(search);
  for (const [name, fallback] of Object.entries(defaults)) {
    const value = state[name] ?? fallback;
    if (value === fallback) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text && `?${text}`;
}

/**
 * What a person may want to share (filters, tab, page, open drawer) lives in the URL. `defaults` names the page's parameters; declare it
 * outside of the component. `set` changes some of them without a trip to the server; with `push`, the browser's back button undoes it.
 */
export function useUrlState<State extends UrlState>(defaults: State) {
  const search = useSearchParams();
  const state = useMemo(() => readUrlState(defaults, new URLSearchParams(search)), [defaults, search]);
  const set = useCallback(
    (change: Partial<Record<keyof State, string>>, how: "replace" | "push" = "replace") => {
      // Two changes in one event: the second reads what the first wrote, not what was last rendered.
      const current = new URLSearchParams(location.search);
      const next = { ...readUrlState(defaults, current), ...change } as State;
      const url = `${location.pathname}${writeUrlState(defaults, next, current)}`;
      if (how === "push") history.pushState(null, "", url);
      else history.replaceState(null, "", url);
    },
    [defaults],
  );
  return [state, set] as const;
}
