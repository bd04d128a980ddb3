import { and, eq, sql } from "drizzle-orm";
import type { NotificationState } from "~/domain/notification";
import { type Id, newId } from "~/lib/id";
import { type Ctx, inSavepoint, inTenant, type SystemCtx } from "~/server/context";
import { sqlState, type Tx } from "~/server/db/client";
import { notification } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { RawNotification } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { type CallbackChannel, callbackChannel } from "~/server/services/channel";
import { applyNotification, outTradeNoOf, type Verified } from "./apply";
import { keptHeaders } from "./headers";
import { receivePaid } from "./receive-paid";
import { receiveRefused } from "./receive-refused";

export type Receipt = {
  outcome: "settled" | "recorded" | "duplicate" | "ignored" | "misfit" | "refused" | "limited" | "absent";
  /** Whether the provider may be told that it was delivered. False makes it come again. */
  ok: boolean;
  provider: "alipay" | "wechat" | null;
};

/** Whether a message that does not verify is kept, or only turned away because its source has left too many behind (RATE-03). */
export type Keep = "refused_too" | "verified_only";

/**
 * Verifies, records and applies one inbound message, and answers only after commit. News that cannot be applied now stays
 * recorded, and the outbox tries again. Throws only when nothing could be stored.
 */
export async function receive(
  sys: SystemCtx,
  channelId: string,
  raw: RawNotification,
  requestId: string,
  keep: Keep = "refused_too",
): Promise<Receipt> {
  const known = await callbackChannel(sys, channelId);
  if (!known) return { outcome: "absent", ok: false, provider: null };
  const { provider } = known.channel;
  const ctx = inTenant(sys, known.tenantId, {
    kind: "provider",
    id: known.channel.channelId as Id<"channel">,
    ip: raw.sourceIp,
    requestId,
  });
  const verified = tradeProvider(known.channel).verifyNotification(known.channel, raw, ctx.now());
  if (!verified.ok) {
    if (keep === "verified_only") return { outcome: "limited", ok: false, provider };
    await receiveRefused(ctx, known, raw, verified);
    return { outcome: "refused", ok: false, provider };
  }
  const quick = await receivePaid(ctx, known, raw, verified);
  if (quick) return { ...quick, provider };
  return { ...(await receiveAny(ctx, known, raw, verified)), provider };
}

/** The general path: store, apply inside a savepoint, commit. */
export async function receiveAny(
  ctx: Ctx,
  known: CallbackChannel,
  raw: RawNotification,
  verified: Verified,
): Promise<Omit<Receipt, "provider">> {
  return ctx.transaction(async (tx) => {
    const stored = await storeVerified(tx, ctx, known, raw, verified);
    if (!stored) return duplicateOf(tx, ctx, known, verified);
    const applied = await inSavepoint(tx, (savepoint) => applyNotification(savepoint, ctx, stored, verified));
    if (!applied.ok) {
      ctx.log.warn(
        { notificationId: stored.id, error: applied.error, sqlState: sqlState(applied.error) },
        "stored message could not be applied yet",
      );
      await enqueue(tx, ctx, "apply-notification", stored.id);
      return { outcome: "recorded" as const, ok: true };
    }
    return receiptOf(applied.value);
  });
}

/** How a message answers while it stands in this state: a repeat answers as the first one did (CB-09). */
export function receiptOf(state: NotificationState): Omit<Receipt, "provider"> {
  if (state === "applied") return { outcome: "settled", ok: true };
  if (state === "ignored") return { outcome: "ignored", ok: true };
  if (state === "waiting") return { outcome: "recorded", ok: true };
  return { outcome: state, ok: false };
}

async function duplicateOf(tx: Tx, ctx: Ctx, known: CallbackChannel, verified: Verified): Promise<Omit<Receipt, "provider">> {
  const [first] = await tx
    .update(notification)
    .set({ copies: sql`${notification.copies} + 1`, lastCopyAt: ctx.now() })
    .where(
      and(
        eq(notification.tenantId, ctx.tenantId),
        eq(notification.channelId, known.channel.channelId as Id<"channel">),
        eq(notification.messageId, verified.messageId),
      ),
    )
    .returning({ state: notification.state });
  if (!first) throw new Error("a message that conflicts must exist");
  return { outcome: "duplicate", ok: receiptOf(first.state).ok };
}

async function storeVerified(tx: Tx, ctx: Ctx, known: CallbackChannel, raw: RawNotification, verified: Verified) {
  const id = newId("notification");
  const [stored] = await tx
    .insert(notification)
    .values({
      ...envelope(ctx, known, raw, id),
      kind: verified.kind,
      messageId: verified.messageId,
      state: "waiting",
      keyId: verified.keyId,
      steps: verified.steps,
      outTradeNo: outTradeNoOf(verified),
      providerTradeNo: verified.trade?.providerTradeNo ?? null,
      providerState: verified.trade?.providerState ?? verified.refund?.state ?? null,
      amountFen: verified.trade?.amount ?? verified.refund?.amount ?? null,
    })
    .onConflictDoNothing()
    .returning();
  return stored ?? null;
}

function envelope(ctx: Ctx, known: CallbackChannel, raw: RawNotification, id: Id<"notification">) {
  return {
    tenantId: ctx.tenantId,
    id,
    channelId: known.channel.channelId as Id<"channel">,
    provider: known.channel.provider,
    receivedAt: ctx.now(),
    sourceIp: raw.sourceIp,
    headers: keptHeaders(raw),
    bodySealed: known.vault.seal({ table: "notification", column: "body_sealed", rowId: id }, raw.body),
    bodyBytes: raw.body.length,
  };
}
