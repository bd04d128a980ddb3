import type { TradeView } from "./port";

/** A trade that the provider does not know. */
export const absentTrade = (outTradeNo: string): TradeView => ({
  state: "absent",
  providerState: "",
  outTradeNo,
  providerTradeNo: null,
  amount: null,
  receipt: null,
  refunded: null,
  appId: null,
  sellerId: null,
  currency: null,
  buyerId: null,
  buyerAccount: null,
  paidAt: null,
});
