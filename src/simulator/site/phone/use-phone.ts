import { useEffect, useState } from "react";
import type { Provider } from "~/domain/provider";
import { fenFromText } from "~/lib/money";
import { isTimeoutAmount } from "../../amounts";
import type { PayInput, PayOutput, SeenTrade, TradeView } from "../../control/types";
import { ControlFailure, control } from "../control-client";
import { useAct } from "../use-act";
import { useClock, useKnown } from "../use-live";
import { type Ending, nameOf, refreshed, stageOf, tokenOf, wayBackIn } from "./trade";

type Shown = { trade: SeenTrade; ending: Ending | null };

const CODE = "code";

/** The address remembers what the phone shows, so that a reload and a link open the same trade. */
function remember(trade: TradeView | null): void {
  const url = new URL(location.href);
  if (trade) url.searchParams.set(CODE, tokenOf(trade));
  else url.searchParams.delete(CODE);
  history.replaceState(null, "", url);
}

/** What the camera reads is a code; what people copy from a screen may be the order's number. */
async function find(text: string): Promise<SeenTrade> {
  const back = wayBackIn(text);
  try {
    const trade = await control<SeenTrade>("POST", "scan", { code: text });
    return { ...trade, backUrl: back ?? trade.backUrl };
  } catch (error) {
    const isNumber = error instanceof ControlFailure && error.code === "not_found" && /^[\w|*@.-]{6,64}$/.test(text);
    if (!isNumber) throw error;
    return control<SeenTrade>("POST", "scan", { outTradeNo: text });
  }
}

/** The buyer's side of the phone: what is open on it and what the buyer does. */
export function usePhone() {
  const { state } = useKnown();
  const now = useClock();
  const [provider, setProvider] = useState<Provider>("alipay");
  const [shown, setShown] = useState<Shown | null>(null);
  const [typed, setTyped] = useState("");

  const show = (trade: SeenTrade) => {
    setProvider(trade.provider);
    setShown({ trade, ending: null });
    remember(trade);
  };
  const leave = () => {
    setShown(null);
    remember(null);
  };
  const scan = useAct(async (text: string) => {
    show(await find(text.trim()));
    setTyped("");
  });
  const open = useAct(async (trade: TradeView) => {
    // Scanning begins a trade at Alipay, and one that is over must not begin by being looked at.
    const isOver = trade.paidAt === null && stageOf(trade, now()) !== "open";
    show(isOver ? { ...trade, backUrl: null } : await control<SeenTrade>("POST", "scan", nameOf(trade)));
  });
  const act = useAct(async (wish: Pick<PayInput, "outcome" | "coupon" | "force">) => {
    if (!shown) return;
    const { result, trade } = await control<PayOutput>("POST", "pay", { ...nameOf(shown.trade), ...wish });
    const unknown = result === "paid" && isTimeoutAmount(fenFromText(trade.amountFen));
    setShown({ trade: { ...trade, backUrl: trade.backUrl ?? shown.trade.backUrl }, ending: unknown ? "unknown" : result });
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the link is read once, when the page opens
  useEffect(() => {
    const code = new URLSearchParams(location.search).get(CODE);
    if (!code) return;
    setTyped(code);
    scan.run(code);
  }, []);

  return {
    provider,
    /** Turning to the other app leaves what was open in this one. */
    turnTo(next: Provider) {
      setProvider(next);
      if (shown && shown.trade.provider !== next) leave();
    },
    shown: shown && { ...shown, trade: refreshed(shown.trade, state) },
    typed,
    setTyped,
    scan,
    open,
    act,
    leave,
    /** Back at the cashier after a refusal or a change of mind. */
    retry: () => setShown((now) => now && { ...now, ending: null }),
  };
}

export type Phone = ReturnType<typeof usePhone>;
