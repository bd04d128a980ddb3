import type { AgentProvider } from "./agent-port";
import { alipayAgent } from "./alipay/agent";
import { alipayStatements } from "./alipay/statement";
import { alipayTrades } from "./alipay/trade";
import type { ProviderChannel, TradeProvider } from "./port";
import type { StatementProvider } from "./statement-port";
import { wechatStatements } from "./wechat/statement";
import { wechatTrades } from "./wechat/trade";

const TRADES = { alipay: alipayTrades, wechat: wechatTrades } as const;
const STATEMENTS = { alipay: alipayStatements, wechat: wechatStatements } as const;

/** The adapter that speaks for a channel: `tradeProvider(channel).create(channel, …)`. */
export function tradeProvider<C extends ProviderChannel>(channel: C): TradeProvider<C> {
  // The table pairs each provider's name with the adapter for channels of that name, which the type cannot follow through `C`.
  return TRADES[channel.provider] as unknown as TradeProvider<C>;
}

/** The adapter that fetches and reads a channel's daily statements. */
export function statementProvider<C extends ProviderChannel>(channel: C): StatementProvider<C> {
  // As above.
  return STATEMENTS[channel.provider] as unknown as StatementProvider<C>;
}

/** The adapter that applies for merchants; only Alipay has such a thing. */
export const agentProvider = (): AgentProvider => alipayAgent;
