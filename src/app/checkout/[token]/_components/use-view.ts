import { useCallback, useEffect, useRef, useState } from "react";
import { seconds } from "~/lib/time";
import { api } from "./client";
import type { CheckoutView } from "./stage";

/** News that comes in bursts asks once. */
const GATHER_MS = 120;
const POLL_DEAF_MS = seconds(5);
/** News may be lost without a trace; nobody should look at an old state for longer than this. */
const POLL_ALWAYS_MS = seconds(30);
/** An answer that changes nothing in the books is no news, but it ends a buyer's doubt. */
const POLL_UNSURE_MS = seconds(10);
const ANSWER_WITHIN_MS = seconds(15);

export const within = () => ({ signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });

export type LiveView = {
  view: CheckoutView;
  /** The last question did not get through: what is shown may be old. */
  lost: boolean;
  /** Asks for the present state. Answers null when it could not be had; polling tries again. */
  refresh(): Promise<CheckoutView | null>;
};

/** The payment as the server knows it: follows the news, asks by itself while there is none. */
export function useView(token: string, initial: CheckoutView): LiveView {
  const [view, setView] = useState(initial);
  const [failed, setFailed] = useState(false);
  const adopt = useCallback((next: CheckoutView) => setView((current) => (overtakes(next, current) ? next : current)), []);
  // The language was switched: the server rendered the page anew, with what it knows now.
  useEffect(() => adopt(initial), [adopt, initial]);

  const refresh = useCallback(async () => {
    try {
      const next = await api.public.checkout.get.query({ token }, within());
      adopt(next);
      setFailed(false);
      return next;
    } catch {
      // Nothing was decided and nothing was lost: the page says that it may be old, and asks again.
      setFailed(true);
      return null;
    }
  }, [token, adopt]);

  const heard = useNews(token, refresh);
  const unsure = view.attempts.some(({ status }) => status === "unknown");
  const everyMs = !heard || failed ? POLL_DEAF_MS : unsure ? POLL_UNSURE_MS : POLL_ALWAYS_MS;
  useEffect(() => {
    const timer = setInterval(() => void refresh(), everyMs);
    const look = () => document.visibilityState === "visible" && void refresh();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
    };
  }, [refresh, everyMs]);
  return { view, lost: failed, refresh };
}

/** Answers may come in another order than they were made. What is much older was made by a test clock that was set back, and counts. */
function overtakes(next: CheckoutView, current: CheckoutView): boolean {
  const aheadMs = next.now.getTime() - current.now.getTime();
  return aheadMs >= 0 || aheadMs < -ANSWER_WITHIN_MS;
}

/** Asks again at each news of this payment. Answers whether news can come: the server has said that it will tell, and the line holds. */
function useNews(token: string, refresh: () => Promise<unknown>): boolean {
  const [heard, setHeard] = useState(false);
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const news = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void latest.current();
      }, GATHER_MS);
    };
    const subscription = api.public.checkout.live.subscribe(
      { token },
      {
        onStarted: () => setHeard(true),
        onData: news,
        onConnectionStateChange: ({ state }) => state !== "pending" && setHeard(false),
        onError: () => setHeard(false),
      },
    );
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [token]);
  return heard;
}
