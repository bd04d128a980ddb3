import type { RawNotification } from "~/server/providers/port";

/** What verification needs again and what helps people; never cookies or anything else that a sender may add. */
const KEPT = [
  "content-type",
  "user-agent",
  "request-id",
  "wechatpay-timestamp",
  "wechatpay-nonce",
  "wechatpay-signature",
  "wechatpay-serial",
  "wechatpay-signature-type",
] as const;
const VALUE_MAX = 1_024;

export function keptHeaders(raw: Pick<RawNotification, "header">): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = raw.header(name);
    if (value !== null) kept[name] = value.slice(0, VALUE_MAX);
  }
  return kept;
}
