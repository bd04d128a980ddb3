import type { Provider } from "~/domain/provider";
import type { SeenTrade, StateView, TradeView } from "../../control/types";

/** Where a trade stands, in a buyer's eyes. */
export type Stage = "open" | "paid" | "refunded" | "closed" | "expired";

export function stageOf(trade: TradeView, now: Date): Stage {
  if (trade.paidAt) return trade.refundedFen === "0" ? "paid" : "refunded";
  if (trade.closedAt || trade.state === "CLOSED" || trade.state === "TRADE_CLOSED") return "closed";
  return now < new Date(trade.expiresAt) ? "open" : "expired";
}

/** What the screen says at the end. `unknown`, `cancelled` and `declined` are the phone's own memory: the trade itself knows nothing of them. */
export type Ending = Exclude<Stage, "open"> | "unknown" | "cancelled" | "declined";

type Name = Pick<TradeView, "provider" | "account" | "outTradeNo">;
export const nameOf = ({ provider, account, outTradeNo }: Name): Name => ({ provider, account, outTradeNo });
export const isSame = (a: Name, b: Name): boolean => a.provider === b.provider && a.account === b.account && a.outTradeNo === b.outTradeNo;
export const keyOf = ({ provider, account, outTradeNo }: Name): string => `${provider}/${account}/${outTradeNo}`;

/** Trades of one provider by what a buyer can do with them, newest first. */
export function tradesOf(state: StateView, provider: Provider, now: Date): { open: TradeView[]; recent: TradeView[] } {
  const own = state.trades.filter((trade) => trade.provider === provider);
  return {
    open: own.filter((trade) => stageOf(trade, now) === "open"),
    recent: own.filter((trade) => stageOf(trade, now) !== "open"),
  };
}

/** The trade on the phone as it stands now; the way back is known to the phone alone. */
export function refreshed(seen: SeenTrade, state: StateView): SeenTrade {
  const now = state.trades.find((trade) => isSame(trade, seen));
  return now ? { ...now, backUrl: seen.backUrl } : seen;
}

/** The token of its page, which is what a link to this phone carries. */
export const tokenOf = (trade: TradeView): string => trade.cashierUrl.replace("/cashier/", "");

/** An H5 link says itself where the buyer is taken afterwards; only web addresses are links. */
export function wayBackIn(code: string): string | null {
  const query = code.includes("?") ? code.slice(code.indexOf("?") + 1) : "";
  const address = new URLSearchParams(query).get("redirect_url") ?? new URLSearchParams(query).get("back");
  return address && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null;
}
