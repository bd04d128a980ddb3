import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { RawNotification, VerifiedNotification } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { loadProviderChannel } from "~/server/services/channel";
import type { Notification } from "./apply";

/** The message as it arrived, made again from what is kept. */
export async function rawOf(ctx: Ctx, stored: Notification): Promise<RawNotification> {
  const vault = await ctx.vault();
  const body = vault.open({ table: "notification", column: "body_sealed", rowId: stored.id }, stored.bodySealed);
  if (body.length !== stored.bodyBytes) throw new AppError("internal", "stored body has another length");
  return { method: "POST", header: (name) => stored.headers[name.toLowerCase()] ?? null, body, sourceIp: stored.sourceIp };
}

/** Verifies a stored message with the channel's keys of today, at `at`: the moment it came, since its own clock window is long over. */
export async function verifyStored(ctx: Ctx, stored: Notification, at: Date): Promise<VerifiedNotification> {
  const via = await loadProviderChannel(ctx, stored.channelId as Id<"channel">);
  return tradeProvider(via).verifyNotification(via, await rawOf(ctx, stored), at);
}
