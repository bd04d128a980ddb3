/** What the page prefetches and the field reads: a tenant's Alipay channels. */
export const CHANNELS_INPUT = { provider: "alipay", limit: 100 } as const;
