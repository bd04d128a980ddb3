import { eq } from "drizzle-orm";
import type { Environment, Provider } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Config } from "~/server/config";
import type { SystemCtx } from "~/server/context";
import { channelAddress } from "~/server/db/schema";
import { addressRefusal } from "~/server/providers/transport";

export type NotifyUrls = { trade: string; gateway?: string };

/** Where the provider sends its news. Built from APP_URL and never from input (IN-07). */
export function notifyUrlsOf(config: Pick<Config, "appUrl">, provider: Provider, channelId: string): NotifyUrls {
  const trade = `${config.appUrl}/api/payment/${provider}/notify/${channelId}`;
  return provider === "alipay" ? { trade, gateway: `${config.appUrl}/api/payment/notification/${channelId}` } : { trade };
}

/** The tenant behind a channel in an address; null when there is none. The only look-up that needs no tenant first. */
export async function findTenantOfChannel(sys: Pick<SystemCtx, "db">, channelId: string): Promise<Id<"tenant"> | null> {
  const [row] = await sys.db.orm
    .select({ tenantId: channelAddress.tenantId })
    .from(channelAddress)
    .where(eq(channelAddress.channelId, channelId as Id<"channel">));
  return row?.tenantId ?? null;
}

/** Several tenants may each name the same app; only the one whose keys verify a message is believed. */
export async function findChannelsOfApp(
  sys: Pick<SystemCtx, "db">,
  appId: string,
): Promise<{ tenantId: Id<"tenant">; channelId: Id<"channel"> }[]> {
  return sys.db.orm
    .select({ tenantId: channelAddress.tenantId, channelId: channelAddress.channelId })
    .from(channelAddress)
    .where(eq(channelAddress.appId, appId))
    .orderBy(channelAddress.channelId)
    .limit(APP_CHANNELS_MAX);
}

/** Anybody may write any app id into a channel, so what one message may cost is bounded: 500 verifications are 25 ms. */
const APP_CHANNELS_MAX = 500;

const HOST_OF: Record<Provider, RegExp> = { alipay: /\.(alipay|alipaydev)\.com$/, wechat: /\.mch\.weixin\.qq\.com$/ };

/** Throws `channel_invalid` for a provider's address that this environment may not use. */
export function checkBaseUrl(url: string, provider: Provider, environment: Environment): void {
  const field = provider === "alipay" ? "gateway" : "baseUrl";
  const refusal =
    addressRefusal(url, environment) ??
    (environment !== "simulator" && !HOST_OF[provider].test(new URL(url).hostname) ? "host_not_allowed" : null);
  if (refusal) throw new AppError("channel_invalid", `${field}: ${refusal}`, { field, reason: refusal });
}

/** The page a buyer returns to belongs to the tenant, so any public host will do; plain http only where nothing is real. */
export function checkReturnUrl(url: string | null | undefined, environment: Environment): void {
  if (!url) return;
  const { protocol, username, password } = new URL(url);
  const refusal = username || password ? "credentials" : protocol === "https:" || environment === "simulator" ? null : "not_https";
  if (refusal) throw new AppError("channel_invalid", `returnUrl: ${refusal}`, { field: "returnUrl", reason: refusal });
}

/** Money that is real and a clock that can be moved do not go together. */
export function checkEnvironment(config: Pick<Config, "testClock">, environment: Environment): void {
  if (environment === "live" && config.testClock)
    throw new AppError("channel_invalid", "a live channel is refused while TEST_CLOCK is 1", {
      field: "environment",
      reason: "test_clock",
    });
}

/** A trailing slash would be signed as part of every path. */
export const tidyBaseUrl = (url: string): string => url.trim().replace(/\/+$/, "");
