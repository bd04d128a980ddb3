import type { CreateChannelInput } from "~/domain/channel";
import { channelMachine } from "~/domain/channel-status";
import { type Id, newId } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, channelAddress } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { checkBaseUrl, checkEnvironment, checkReturnUrl, type NotifyUrls, notifyUrlsOf, tidyBaseUrl } from "./address";
import { dropDefault, hasDefault, lockDefault } from "./default";
import { addKeys, toldOf } from "./keys";
import { readMaterial } from "./material";
import { ASK_EVERY_MS } from "./refresh-certificates";

export type CreatedChannel = { channelId: Id<"channel">; notifyUrls: NotifyUrls };

/**
 * Creates a channel, not yet enabled. The first one of its provider and environment becomes the default unless told otherwise.
 * Throws `channel_invalid` with the field and a stable reason.
 */
export async function createChannel(ctx: Ctx, input: CreateChannelInput): Promise<CreatedChannel> {
  const { provider, environment } = input;
  const identities = identitiesOf(input);
  checkEnvironment(ctx.sys.config, environment);
  checkBaseUrl(identities.baseUrl, provider, environment);
  checkReturnUrl(input.returnUrl, environment);
  const { keyMode, pieces } = readMaterial(input);
  const vault = await ctx.vault();

  const id = newId("channel");
  await ctx.transaction(async (tx) => {
    await lockDefault(tx, ctx, provider, environment);
    const isDefault = input.isDefault ?? !(await hasDefault(tx, ctx, provider, environment));
    if (isDefault) await dropDefault(tx, ctx, provider, environment);
    const by = { createdBy: ctx.actor.id, createdAt: ctx.now(), updatedBy: ctx.actor.id, updatedAt: ctx.now() };
    await tx.insert(channel).values({
      ...identities,
      ...by,
      tenantId: ctx.tenantId,
      id,
      provider,
      environment,
      name: input.name,
      remark: input.remark ?? null,
      returnUrl: input.returnUrl ?? null,
      status: channelMachine.initial,
      isDefault,
      keyMode,
    });
    await tx.insert(channelAddress).values({ channelId: id, tenantId: ctx.tenantId, appId: identities.appId });
    const keys = await addKeys(tx, ctx, vault, id, pieces);
    const { baseUrl, appId, sellerId } = identities;
    const details = { name: input.name, provider, environment, appId, sellerId, baseUrl, isDefault, keyMode, keys: keys.map(toldOf) };
    await emit(tx, ctx, { type: "channel.create", subject: id, details });
    if (provider === "wechat") await enqueue(tx, ctx, "refresh-certificates", id, after(ctx.now(), ASK_EVERY_MS));
  });
  return { channelId: id, notifyUrls: notifyUrlsOf(ctx.sys.config, provider, id) };
}

function identitiesOf(input: CreateChannelInput) {
  if (input.provider === "alipay") {
    const { appId, sellerId, gateway, isIsv = false } = input;
    return { appId, sellerId, baseUrl: gateway.trim(), isIsv, merchantSerial: null };
  }
  const { appid, mchid, baseUrl, merchantSerial } = input;
  return { appId: appid, sellerId: mchid, baseUrl: tidyBaseUrl(baseUrl), isIsv: false, merchantSerial: merchantSerial.toUpperCase() };
}
