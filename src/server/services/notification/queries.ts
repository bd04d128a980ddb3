import { and, desc, eq, gte, inArray, lt, or, sql } from "drizzle-orm";
import { notificationMachine } from "~/domain/notification";
import type { ListNotificationsInput } from "~/domain/notification-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { channel, channelKey, event, exceptionCase, notification, payment, paymentTransaction, user } from "~/server/db/schema";
import { findNotification } from "./apply";
import { rawOf, verifyStored } from "./stored";

const COUNT_MAX = 1_000;

/** One page of messages, newest first, by keyset. */
export async function listNotifications(ctx: Ctx, input: ListNotificationsInput) {
  return ctx.read(async (tx) => {
    const rows = await tx
      .select({
        id: notification.id,
        provider: notification.provider,
        channelId: notification.channelId,
        channelName: channel.name,
        kind: notification.kind,
        state: notification.state,
        failedStep: notification.failedStep,
        cause: notification.cause,
        outTradeNo: notification.outTradeNo,
        providerTradeNo: notification.providerTradeNo,
        providerState: notification.providerState,
        amountFen: notification.amountFen,
        copies: notification.copies,
        sourceIp: notification.sourceIp,
        receivedAt: notification.receivedAt,
        appliedAt: notification.appliedAt,
      })
      .from(notification)
      .innerJoin(channel, and(eq(channel.tenantId, notification.tenantId), eq(channel.id, notification.channelId)))
      .where(and(...filterOf(ctx, input), input.state ? eq(notification.state, input.state) : undefined, afterCursor(input.cursor)))
      .orderBy(desc(notification.receivedAt), desc(notification.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.receivedAt.toISOString(), last.id]) : null };
  });
}

/** How many messages stand in each state under the filter, each counted to a thousand at most. */
export async function countNotifications(ctx: Ctx, input: ListNotificationsInput) {
  return ctx.read(async (tx) => {
    const counts: Record<string, number> = { all: 0 };
    for (const state of notificationMachine.states) {
      const capped = tx
        .select({ one: sql`1` })
        .from(notification)
        .where(and(...filterOf(ctx, input), eq(notification.state, state)))
        .limit(COUNT_MAX)
        .as("capped");
      const [row] = await tx.select({ n: sql<number>`count(*)::int` }).from(capped);
      counts[state] = row?.n ?? 0;
      counts.all = Math.min(COUNT_MAX, (counts.all ?? 0) + (row?.n ?? 0));
    }
    return { counts, countMax: COUNT_MAX };
  });
}

function filterOf(ctx: Ctx, input: ListNotificationsInput) {
  return [
    eq(notification.tenantId, ctx.tenantId),
    input.provider ? eq(notification.provider, input.provider) : undefined,
    input.channelId ? eq(notification.channelId, input.channelId) : undefined,
    input.q
      ? or(
          eq(notification.outTradeNo, input.q),
          eq(notification.providerTradeNo, input.q),
          eq(notification.id, input.q as Id<"notification">),
        )
      : undefined,
    input.from ? gte(notification.receivedAt, startOfBeijingDate(input.from as CivilDate)) : undefined,
    input.to ? lt(notification.receivedAt, startOfBeijingDate(addDays(input.to as CivilDate, 1))) : undefined,
  ];
}

function afterCursor(cursor: string | undefined) {
  if (!cursor) return undefined;
  const [at = "", id = ""] = decodeCursor(cursor, 2);
  if (Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return sql`(${notification.receivedAt}, ${notification.id}) < (${at}::timestamptz, ${id})`;
}

/** Form fields that name a person; shown masked to everybody (PII-01). */
const PERSONAL_FIELDS = ["buyer_id", "buyer_open_id", "buyer_logon_id", "seller_email", "openid"];

/** A message as received: raw text with personal fields masked, the text that was signed, the key, the steps, and what came of it. */
export async function getNotificationDetail(ctx: Ctx, id: Id<"notification">) {
  const stored = await ctx.read((tx) => findNotification(tx, ctx, id));
  if (!stored) throw new AppError("not_found", "message", { what: "notification" });
  const raw = await rawOf(ctx, stored);
  const vault = await ctx.vault();
  const again = await verifyStored(ctx, stored, stored.receivedAt);
  const signedText = stored.signedTextSealed
    ? vault.open({ table: "notification", column: "signed_text_sealed", rowId: id }, stored.signedTextSealed).toString("utf8")
    : again.ok
      ? again.signedText
      : null;
  return ctx.read(async (tx) => {
    const [via] = await tx
      .select({ name: channel.name, environment: channel.environment, appId: channel.appId, sellerId: channel.sellerId })
      .from(channel)
      .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, stored.channelId)));
    const keys = await tx
      .select({
        kind: channelKey.kind,
        keyId: channelKey.keyId,
        fingerprint: channelKey.fingerprint,
        createdAt: channelKey.createdAt,
        notAfter: channelKey.notAfter,
        retiredAt: channelKey.retiredAt,
      })
      .from(channelKey)
      .where(
        and(
          eq(channelKey.tenantId, ctx.tenantId),
          eq(channelKey.channelId, stored.channelId),
          inArray(channelKey.kind, ["alipay_public_key", "alipay_cert", "verification_key"]),
        ),
      );
    const [about] = stored.transactionId
      ? await tx
          .select({
            paymentId: payment.id,
            orderNo: payment.orderNo,
            subject: payment.subject,
            paymentStatus: payment.status,
            status: paymentTransaction.status,
            amountFen: paymentTransaction.amountFen,
          })
          .from(paymentTransaction)
          .innerJoin(payment, and(eq(payment.tenantId, paymentTransaction.tenantId), eq(payment.id, paymentTransaction.paymentId)))
          .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, stored.transactionId)))
      : [];
    const cases = await tx
      .select({ id: exceptionCase.id, kind: exceptionCase.kind, status: exceptionCase.status, amountFen: exceptionCase.amountFen })
      .from(exceptionCase)
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.notificationId, id)));
    const history = await tx
      .select({ id: event.id, type: event.type, actorKind: event.actorKind, actorName: user.name, at: event.at, details: event.details })
      .from(event)
      .leftJoin(user, eq(user.id, event.actorId as never))
      .where(and(eq(event.tenantId, ctx.tenantId), eq(event.subject, id)))
      .orderBy(desc(event.at), desc(event.no))
      .limit(50);
    const { tenantId: _t, bodySealed: _b, signedTextSealed: _s, messageId: _m, ...shown } = stored;
    return {
      message: shown,
      channel: via ?? null,
      body: maskPersonal(raw.body.toString("utf8")),
      signedText: signedText === null ? null : maskPersonal(signedText),
      keys,
      about: about ?? null,
      cases,
      history,
    };
  });
}

/** Keeps the text readable line for line: of a personal value only its first and last two characters stay. */
function maskPersonal(text: string): string {
  const fields = PERSONAL_FIELDS.join("|");
  const masked = (value: string) => (value.length <= 4 ? "****" : `${value.slice(0, 2)}****${value.slice(-2)}`);
  return text
    .replace(new RegExp(`((?:^|&)(?:${fields})=)([^&]{1,400})`, "g"), (_all, name: string, value: string) => name + masked(value))
    .replace(new RegExp(`("(?:${fields})"\\s*:\\s*")([^"]{1,400})`, "g"), (_all, name: string, value: string) => name + masked(value));
}
