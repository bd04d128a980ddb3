import type { AgentProvider } from "./agent-port";
import { alipayAgent } from "./alipay/agent";
import { alipayTrades } from "./alipay/trade";
import type { ProviderChannel, TradeProvider } from "./port";
import { wechatTrades } from "./wechat/trade";

const TRADES = { alipay: alipayTrades, wechat: wechatTrades } as const;

/** The adapter that speaks for a channel: `tradeProvider(channel).create(channel, …)`. */
export function tradeProvider<C extends ProviderChannel>(channel: C): TradeProvider<C> {
  // The table pairs each provider's name with the adapter for channels of that name, which the type cannot follow through `C`.
  return TRADES[channel.provider] as unknown as TradeProvider<C>;
}

/** The adapter that applies for merchants; only Alipay has such a thing. */
export const agentProvider = (): AgentProvider => alipayAgent;
