import { TRPCClientError } from "@trpc/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Method, methodProvider } from "~/domain/provider";
import { seconds } from "~/lib/time";
import { api } from "./client";
import { leaveFor } from "./leave";
import { type CheckoutView, isCode, type Wishes } from "./stage";
import { useView, within } from "./use-view";

/** Why a press came to nothing, in the words of `checkout.trouble`. Starting an attempt never moves money. */
export type Trouble = "network" | "busy" | "limit" | "method" | "internal";
/** What asking the provider brought, for the line under the button. */
export type Answer = "not_paid" | "no_answer" | "just_asked" | "not_sent";

export type CheckoutActions = {
  start(method: Method): Promise<void>;
  choose(): void;
  check(): Promise<void>;
};

/** After a provider's page: asked after these pauses, then every half minute. Providers need a moment themselves. */
const ASK_GAPS_MS = [0, seconds(3), seconds(4), seconds(6), seconds(10)] as const;
const ASK_GAP_LATER_MS = seconds(30);
/** One "not paid" may come from a moment before; two in a row are an answer. */
const DENIALS_NEEDED = 2;
/** Some browsers stay when an app is opened for the link; then the button must come back. */
const LEAVING_MS = seconds(4);

type Options = { token: string; initial: CheckoutView; method: Method | null; returned: boolean };

/** Everything the page knows and can do. */
export function useCheckout({ token, initial, method, returned }: Options) {
  const { view, lost, refresh } = useView(token, initial);
  const [wishes, setWishes] = useState<Wishes>({ method, choosing: false, claimed: returned, failure: null });
  const [starting, setStarting] = useState<Method | null>(null);
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const wish = useCallback((change: Partial<Wishes>) => setWishes((before) => ({ ...before, ...change })), []);

  useEffect(() => rememberMethod(wishes.method), [wishes.method]);

  const start = async (chosen: Method) => {
    if (starting) return;
    setTrouble(null);
    setAnswer(null);
    setStarting(chosen);
    try {
      const { launch, failure } = await api.public.checkout.start.mutate({ token, method: chosen }, within());
      const news = await refresh();
      // What nobody knows stands in the books, and ends there; kept here it would outlive its answer.
      const told = failure?.kind === "unknown" && news !== null;
      wish({ method: chosen, choosing: false, claimed: false, failure: failure && !told ? { ...failure, method: chosen } : null });
      if (launch?.kind === "redirect") {
        leaveFor(launch.url, methodProvider(chosen));
        await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
      }
    } catch (error) {
      const why = troubleOf(error);
      await refresh();
      setTrouble(why);
    } finally {
      setStarting(null);
    }
  };

  /** Answers what the provider said, and shows what that changed. Null: the payment is not waiting any more. */
  const ask = useCallback(async (): Promise<Answer | null> => {
    try {
      const { asked, unanswered } = await api.public.checkout.check.mutate({ token }, within());
      const now = await refresh();
      if (now && (now.doubt || (now.status !== "pending" && now.status !== "closed"))) return null;
      if (unanswered.length > 0) return "no_answer";
      return asked > 0 ? "not_paid" : "just_asked";
    } catch {
      // The question did not get through; nothing is known that was not known before.
      return "not_sent";
    }
  }, [token, refresh]);

  const check = async () => {
    if (asking) return;
    setAnswer(null);
    setAsking(true);
    const said = await ask();
    setAsking(false);
    setAnswer(said);
    // They say that they paid, and the provider does not say anything: from now on nobody knows.
    if (said === "no_answer" && view.status === "pending") wish({ claimed: true });
  };

  useAskWhileClaimed(wishes.claimed && view.status === "pending", ask, (said) => {
    setAnswer(said);
    wish({ claimed: false });
  });
  useAskOnReturn(view, wishes.claimed, ask);

  const choose = () => {
    setTrouble(null);
    setAnswer(null);
    wish({ choosing: true, failure: null });
  };
  const actions: CheckoutActions = { start, choose, check };
  return { view, lost, wishes, starting, asking, trouble, answer, actions };
}

/** Reloading shows the same method again; the server reads it for the first paint. */
function rememberMethod(method: Method | null): void {
  const search = method ? `?by=${method}` : "";
  // Alipay's return brings a long query that says nothing we may believe: it goes away too.
  if (location.search !== search) history.replaceState(history.state, "", `${location.pathname}${search}`);
}

/** Asks until the provider has given an answer that counts. */
function useAskWhileClaimed(claimed: boolean, ask: () => Promise<Answer | null>, onKnown: (answer: Answer) => void): void {
  const known = useRef(onKnown);
  known.current = onKnown;
  useEffect(() => {
    if (!claimed) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const round = (number: number, denials: number) => {
      timer = setTimeout(async () => {
        const said = await ask();
        if (stopped) return;
        const denied = said === "not_paid" ? denials + 1 : said === "no_answer" ? 0 : denials;
        if (denied >= DENIALS_NEEDED) known.current("not_paid");
        else round(number + 1, denied);
      }, ASK_GAPS_MS[number] ?? ASK_GAP_LATER_MS);
    };
    round(0, 0);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [claimed, ask]);
}

/** Whoever comes back from an app or a provider's page may have paid there: asked once per return, so the news need not be waited for. */
function useAskOnReturn(view: CheckoutView, claimed: boolean, ask: () => Promise<Answer | null>): void {
  const left = view.status === "pending" && view.attempts.some(({ launch, method }) => launch && !isCode(method));
  const worthAsking = useRef(false);
  worthAsking.current = left && !claimed;
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && worthAsking.current && void ask();
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [ask]);
}

function troubleOf(error: unknown): Trouble | null {
  const data = error instanceof TRPCClientError ? (error.data as { appCode?: string } | null) : null;
  switch (data?.appCode) {
    case undefined:
      return "network";
    // The state that came with it says why.
    case "expired":
    case "not_allowed_now":
    case "state_changed":
      return null;
    case "too_many_requests":
    case "unavailable":
    case "conflict":
      return "busy";
    case "limit_exceeded":
      return "limit";
    case "channel_missing":
    case "channel_invalid":
    case "invalid_input":
      return "method";
    default:
      return "internal";
  }
}
