import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { and, asc, desc, eq, gt, inArray, lt, or, sql } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { yuanText } from "~/lib/money";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, channelKey, event, exceptionCase, notification, payment, paymentTransaction, user } from "~/server/db/schema";
import type { TradeView } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { loadProviderChannel } from "~/server/services/channel";
import { findNotification, type Notification } from "./apply";
import { maskForm, maskJson, maskParam } from "./mask";
import { isAbout } from "./met-case";
import { receiptOf } from "./receive";
import { rawOf } from "./stored";

/** One thing that a message must agree with us about, in the provider's name for it. `ours` is null where we know nothing to compare. */
export type Comparison = { field: string; theirs: string | null; ours: string | null; same: boolean };

/** A message as received, masked: its text, what was signed, the key, the steps, how it compares with our books, and what came of it. */
export async function getNotificationDetail(ctx: Ctx, id: Id<"notification">) {
  const stored = await ctx.read((tx) => findNotification(tx, ctx, id));
  if (!stored) throw new AppError("not_found", "message", { what: "notification" });
  const text = await textsOf(ctx, stored);
  return ctx.read(async (tx) => {
    const attempt = await attemptOf(tx, ctx, stored);
    const via = await channelOf(tx, ctx, stored.channelId);
    const { tenantId: _t, bodySealed: _b, signedTextSealed: _s, messageId: _m, headers, ...shown } = stored;
    const { trade, ...texts } = text;
    return {
      message: { ...shown, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) },
      channel: via && { name: via.name, environment: via.environment },
      key: await keyOf(tx, ctx, stored),
      ...texts,
      comparisons:
        trade && via
          ? compare(stored.provider, trade, attempt ?? { ...via, amountFen: null, outTradeNo: null, providerTradeNo: null })
          : [],
      answer: answerOf(stored),
      about: attempt && {
        paymentId: attempt.paymentId,
        orderNo: attempt.orderNo,
        subject: attempt.subject,
        paymentStatus: attempt.paymentStatus,
        status: attempt.status,
        amountFen: attempt.amountFen,
      },
      cases: await casesOf(tx, ctx, stored),
      history: await historyOf(tx, ctx, id),
      ...(await neighboursOf(tx, ctx, stored)),
    };
  });
}

/** Everything that was written, masked by the server: nobody's browser gets to see more (PII-01). */
async function textsOf(ctx: Ctx, stored: Notification) {
  const via = await loadProviderChannel(ctx, stored.channelId);
  const raw = await rawOf(ctx, stored);
  const provider = tradeProvider(via);
  const again = provider.verifyNotification(via, raw, stored.receivedAt);
  const { charset, signedParams, signature, opened } = provider.presentNotification(via, raw);
  const alipay = stored.provider === "alipay";
  const written = isUtf8(raw.body) ? raw.body.toString() : escapedBytes(raw.body);
  const signedText = await signedTextOf(ctx, stored, again.signedText);
  const masked = signedParams?.map(({ name, value }) => ({ name, value: maskParam(name, value) })) ?? null;
  return {
    body: alipay ? maskForm(written, charset) : maskJson(written),
    isText: isUtf8(raw.body),
    sha256: createHash("sha256").update(raw.body).digest("hex"),
    charset,
    signedParams: masked,
    signedText: masked ? masked.map(({ name, value }) => `${name}=${value}`).join("&") : signedText === null ? null : maskJson(signedText),
    signature,
    /** Only of a message whose signature holds: what a stranger sealed is nobody's reading. */
    opened: again.ok && opened !== null ? maskJson(opened) : null,
    /** Believed only as far as the steps say. */
    trade: again.ok ? again.trade : null,
  };
}

async function signedTextOf(ctx: Ctx, stored: Notification, again: string | null): Promise<string | null> {
  if (!stored.signedTextSealed) return again;
  const vault = await ctx.vault();
  return vault.open({ table: "notification", column: "signed_text_sealed", rowId: stored.id }, stored.signedTextSealed).toString("utf8");
}

/** Bytes that are no text, as `\xNN`; what is readable stays readable. */
const escapedBytes = (bytes: Buffer): string =>
  bytes.toString("latin1").replace(/[^\x20-\x7e\n]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);

type OurSide = {
  appId: string;
  sellerId: string;
  outTradeNo: string | null;
  amountFen: TradeView["amount"];
  providerTradeNo: string | null;
};

const FIELDS = {
  alipay: { app: "app_id", seller: "seller_id", order: "out_trade_no", amount: "total_amount", trade: "trade_no" },
  wechat: { app: "appid", seller: "mchid", order: "out_trade_no", amount: "total", trade: "transaction_id" },
} as const;

/** What CB-05 compares, in the provider's names and units. */
function compare(provider: Notification["provider"], trade: TradeView, ours: OurSide): Comparison[] {
  const names = FIELDS[provider];
  // Alipay writes yuan, WeChat Pay whole fen.
  const written = (amount: TradeView["amount"]) => (amount === null ? null : provider === "alipay" ? yuanText(amount) : amount.toString());
  const row = (field: string, theirs: string | null, own: string | null): Comparison => ({
    field,
    theirs,
    ours: own,
    same: theirs === own,
  });
  const rows = [
    row(names.app, trade.appId, ours.appId),
    row(names.seller, trade.sellerId, ours.sellerId),
    row(names.order, trade.outTradeNo, ours.outTradeNo),
    row(names.amount, written(trade.amount), written(ours.amountFen)),
  ];
  if (trade.currency !== null) rows.push(row("currency", trade.currency, "CNY"));
  // Ours is known only once an attempt was paid: then another number is another trade.
  if (ours.providerTradeNo !== null && trade.providerTradeNo !== null) {
    rows.push(row(names.trade, trade.providerTradeNo, ours.providerTradeNo));
  }
  return rows;
}

/** What the provider reads when it comes with this news, as the callback's edge says it (CB-09). */
function answerOf({ provider, state }: Notification): { status: number; body: string; ok: boolean } {
  const { ok } = receiptOf(state);
  if (provider === "alipay") return { status: ok ? 200 : 400, body: ok ? "success" : "fail", ok };
  return { status: ok ? 204 : state === "refused" ? 401 : 400, body: "", ok };
}

async function channelOf(tx: Tx, ctx: Ctx, channelId: Id<"channel">) {
  const [via] = await tx
    .select({ name: channel.name, environment: channel.environment, appId: channel.appId, sellerId: channel.sellerId })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId)));
  return via ?? null;
}

/** The attempt that the message names, whether or not it was applied to it. */
async function attemptOf(tx: Tx, ctx: Ctx, { transactionId, channelId, outTradeNo }: Notification) {
  if (!transactionId && !outTradeNo) return null;
  const [attempt] = await tx
    .select({
      paymentId: payment.id,
      orderNo: payment.orderNo,
      subject: payment.subject,
      paymentStatus: payment.status,
      status: paymentTransaction.status,
      amountFen: paymentTransaction.amountFen,
      appId: paymentTransaction.appId,
      sellerId: paymentTransaction.sellerId,
      outTradeNo: paymentTransaction.outTradeNo,
      providerTradeNo: paymentTransaction.providerTradeNo,
    })
    .from(paymentTransaction)
    .innerJoin(payment, and(eq(payment.tenantId, paymentTransaction.tenantId), eq(payment.id, paymentTransaction.paymentId)))
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        transactionId
          ? eq(paymentTransaction.id, transactionId)
          : and(eq(paymentTransaction.outTradeNo, outTradeNo ?? ""), eq(paymentTransaction.channelId, channelId)),
      ),
    );
  return attempt ?? null;
}

const KEY_KINDS = ["alipay_public_key", "alipay_cert", "verification_key"] as const;

/** The key that the message named or that fitted, as it stands in the channel now. */
async function keyOf(tx: Tx, ctx: Ctx, { channelId, keyId }: Notification) {
  if (keyId === null) return null;
  const [key] = await tx
    .select({
      kind: channelKey.kind,
      keyId: channelKey.keyId,
      fingerprint: channelKey.fingerprint,
      createdAt: channelKey.createdAt,
      notAfter: channelKey.notAfter,
      revokedAt: channelKey.revokedAt,
    })
    .from(channelKey)
    .where(
      and(
        eq(channelKey.tenantId, ctx.tenantId),
        eq(channelKey.channelId, channelId),
        inArray(channelKey.kind, [...KEY_KINDS]),
        keyId === "key" ? eq(channelKey.kind, "alipay_public_key") : eq(channelKey.keyId, keyId),
      ),
    )
    .orderBy(sql`${channelKey.retiredAt} is not null`, desc(channelKey.createdAt))
    .limit(1);
  return key ?? null;
}

/** Cases of this message; a second message about the same order meets the first one's case. */
async function casesOf(tx: Tx, ctx: Ctx, message: Notification) {
  const { id, channelId, outTradeNo } = message;
  const sameOrder = outTradeNo ? and(eq(exceptionCase.channelId, channelId), eq(exceptionCase.outTradeNo, outTradeNo)) : undefined;
  const rows = await tx
    .select({
      id: exceptionCase.id,
      kind: exceptionCase.kind,
      status: exceptionCase.status,
      amountFen: exceptionCase.amountFen,
      expectedFen: exceptionCase.expectedFen,
      channelId: exceptionCase.channelId,
      notificationId: exceptionCase.notificationId,
      outTradeNo: exceptionCase.outTradeNo,
    })
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), or(eq(exceptionCase.notificationId, id), sameOrder)))
    .orderBy(desc(exceptionCase.openedAt))
    .limit(20);
  return rows
    .filter((one) => isAbout(one, message))
    .map(({ id: caseId, kind, status, amountFen, expectedFen }) => ({ id: caseId, kind, status, amountFen, expectedFen }));
}

async function historyOf(tx: Tx, ctx: Ctx, id: Id<"notification">) {
  return tx
    .select({ id: event.id, type: event.type, actorKind: event.actorKind, actorName: user.name, at: event.at, details: event.details })
    .from(event)
    .leftJoin(user, eq(user.id, event.actorId as never))
    .where(and(eq(event.tenantId, ctx.tenantId), eq(event.subject, id)))
    .orderBy(desc(event.at), desc(event.no))
    .limit(50);
}

/** The messages that came just before and just after, in the order of the inbox. */
async function neighboursOf(tx: Tx, ctx: Ctx, { receivedAt, id }: Notification) {
  const place = sql`(${receivedAt.toISOString()}::timestamptz, ${id})`;
  const here = sql`(${notification.receivedAt}, ${notification.id})`;
  const beside = (where: ReturnType<typeof gt>, order: typeof asc) =>
    tx
      .select({ id: notification.id })
      .from(notification)
      .where(and(eq(notification.tenantId, ctx.tenantId), where))
      .orderBy(order(notification.receivedAt), order(notification.id))
      .limit(1);
  const [newer] = await beside(gt(here, place), asc);
  const [older] = await beside(lt(here, place), desc);
  return { newerId: newer?.id ?? null, olderId: older?.id ?? null };
}
