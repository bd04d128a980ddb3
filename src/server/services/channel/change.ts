import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { CreateAlipayChannel, CreateWechatChannel, type UpdateChannelInput } from "~/domain/channel";
import { channelMachine } from "~/domain/channel-status";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, channelAddress, paymentTransaction } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { checkBaseUrl, checkEnvironment, checkReturnUrl, tidyBaseUrl } from "./address";
import { forgetChannel } from "./cache";
import { dropDefault, lockDefault } from "./default";

export type ChannelRow = typeof channel.$inferSelect;

/** The row, locked until the transaction ends; a deleted channel is not found. */
export async function lockChannel(tx: Tx, ctx: Ctx, channelId: string): Promise<ChannelRow> {
  const [row] = await tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId as Id<"channel">), isNull(channel.deletedAt)))
    .for("update");
  if (!row) throw new AppError("not_found", "channel");
  return row;
}

/** Runs `change` on the locked channel; afterwards this process no longer uses its copy of it. */
export async function changingChannel<T>(ctx: Ctx, channelId: string, change: (tx: Tx, row: ChannelRow) => Promise<T>): Promise<T> {
  const result = await ctx.transaction(async (tx) => change(tx, await lockChannel(tx, ctx, channelId)));
  forgetChannel(ctx.sys, channelId);
  return result;
}

/** Writes to a channel that the caller has locked. `version` rises when what adapters are given changes. */
export async function writeChannel(tx: Tx, ctx: Ctx, id: Id<"channel">, set: Partial<ChannelRow>, rises: boolean): Promise<void> {
  await tx
    .update(channel)
    .set({ ...set, ...(rises ? { version: sql`${channel.version} + 1` } : {}), updatedAt: ctx.now(), updatedBy: ctx.actor.id })
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, id)));
}

/** Changes names, addresses and identities. Keys are changed by `replaceKeys`. */
export async function updateChannel(ctx: Ctx, { channelId, ...wishes }: UpdateChannelInput): Promise<void> {
  await changingChannel(ctx, channelId, async (tx, row) => {
    const set: Partial<ChannelRow> = Object.fromEntries(
      Object.entries(wishes).filter(([field, value]) => value !== undefined && value !== row[field as keyof ChannelRow]),
    );
    if (set.baseUrl !== undefined) {
      if (row.provider === "wechat") set.baseUrl = tidyBaseUrl(set.baseUrl);
      checkBaseUrl(set.baseUrl, row.provider, row.environment);
    }
    checkReturnUrl(set.returnUrl, row.environment);
    checkIdentities(row, set);
    if ((set.appId !== undefined || set.sellerId !== undefined) && (await hasAttempts(tx, ctx, row.id)))
      throw new AppError("not_allowed_now", "identities are fixed once a payment was attempted", { reason: "has_attempts" });

    const fields = Object.keys(set) as (keyof ChannelRow)[];
    if (fields.length === 0) return;
    await writeChannel(
      tx,
      ctx,
      row.id,
      set,
      fields.some((field) => field !== "name" && field !== "remark"),
    );
    if (set.appId !== undefined) await tx.update(channelAddress).set({ appId: set.appId }).where(eq(channelAddress.channelId, row.id));
    const before = Object.fromEntries(fields.map((field) => [field, row[field]]));
    await emit(tx, ctx, { type: "channel.update", subject: row.id, details: { before, after: set } });
  });
}

function checkIdentities({ provider }: ChannelRow, { appId, sellerId, isIsv }: Partial<ChannelRow>): void {
  const shape =
    provider === "alipay"
      ? { appId: CreateAlipayChannel.shape.appId, sellerId: CreateAlipayChannel.shape.sellerId }
      : { appId: CreateWechatChannel.shape.appid, sellerId: CreateWechatChannel.shape.mchid };
  const invalid = (field: string) => new AppError("channel_invalid", `${field}: malformed`, { field, reason: "malformed" });
  if (appId !== undefined && !shape.appId.safeParse(appId).success) throw invalid("appId");
  if (sellerId !== undefined && !shape.sellerId.safeParse(sellerId).success) throw invalid("sellerId");
  if (isIsv && provider !== "alipay") throw invalid("isIsv");
}

async function hasAttempts(tx: Tx, ctx: Ctx, channelId: Id<"channel">): Promise<boolean> {
  const found = await tx
    .select({ id: paymentTransaction.id })
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.channelId, channelId)))
    .limit(1);
  return found.length > 0;
}

/** The only writer of `status`. Of two racing callers one gets the row; the other is told that the state changed. */
export async function moveChannel(ctx: Ctx, channelId: string, event: "enable" | "disable"): Promise<void> {
  const { from, to } = channelMachine.transitions[event];
  await ctx.transaction(async (tx) => {
    const [moved] = await tx
      .update(channel)
      .set({ status: to, updatedAt: ctx.now(), updatedBy: ctx.actor.id })
      .where(
        and(
          eq(channel.tenantId, ctx.tenantId),
          eq(channel.id, channelId as Id<"channel">),
          isNull(channel.deletedAt),
          inArray(channel.status, [...from]),
        ),
      )
      .returning();
    if (!moved) {
      await lockChannel(tx, ctx, channelId);
      throw new AppError("state_changed", `the channel cannot ${event} now`);
    }
    if (event === "enable") checkEnvironment(ctx.sys.config, moved.environment);
    await emit(tx, ctx, { type: `channel.${event}`, subject: moved.id });
  });
  forgetChannel(ctx.sys, channelId);
}

/** Makes this the one default of its provider and environment; the former one stops being it in the same transaction. */
export async function setDefaultChannel(ctx: Ctx, channelId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    // Provider and environment never change, so they may be read before the lock that they name.
    const { provider, environment } = await readChannel(tx, ctx, channelId);
    await lockDefault(tx, ctx, provider, environment);
    const row = await lockChannel(tx, ctx, channelId);
    if (row.isDefault) return;
    const before = await dropDefault(tx, ctx, provider, environment);
    await writeChannel(tx, ctx, row.id, { isDefault: true }, false);
    await emit(tx, ctx, { type: "channel.set_default", subject: row.id, details: { before, after: row.id, provider, environment } });
    if (before) await emit(tx, ctx, { type: "channel.unset_default", subject: before, details: { after: row.id } });
  });
}

async function readChannel(tx: Tx, ctx: Ctx, channelId: string): Promise<ChannelRow> {
  const [row] = await tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId as Id<"channel">), isNull(channel.deletedAt)));
  if (!row) throw new AppError("not_found", "channel");
  return row;
}

/**
 * Takes a channel out of use and out of sight. Keys and address stay: a buyer may still pay an order that was opened before, and
 * that money must be recognised.
 */
export async function deleteChannel(ctx: Ctx, channelId: string): Promise<void> {
  await changingChannel(ctx, channelId, async (tx, row) => {
    const set: Partial<ChannelRow> = { deletedAt: ctx.now(), isDefault: false, status: channelMachine.transitions.disable.to };
    await writeChannel(tx, ctx, row.id, set, false);
    await emit(tx, ctx, { type: "channel.delete", subject: row.id, details: { name: row.name, wasDefault: row.isDefault } });
  });
}
