import { and, asc, count, desc, eq, exists, gt, gte, inArray, isNotNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { ListPaymentsInput } from "~/domain/payment-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { type Fen, fen } from "~/lib/money";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { escapeLike } from "~/server/db/like";
import { channel, entry, exceptionCase, notification, payment, paymentTransaction } from "~/server/db/schema";
import { historyOf } from "~/server/services/event";
import { checkoutUrl } from "./checkout-link";
import { getPayment } from "./close";

/** Above this a count says "1000+": nobody reads it, and counting a million rows would cost what the page may not. */
const COUNT_MAX = 1_000;

const listed = {
  id: payment.id,
  orderNo: payment.orderNo,
  subject: payment.subject,
  amountFen: payment.amountFen,
  refundedFen: payment.refundedFen,
  status: payment.status,
  closeReason: payment.closeReason,
  createdAt: payment.createdAt,
  paidAt: payment.paidAt,
  expiresAt: payment.expiresAt,
};

/** One page of payments, newest first (or by amount), by keyset: a deep page costs what the first costs. */
export async function listPayments(ctx: Ctx, input: ListPaymentsInput) {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, input);
    const byAmount = input.sort === "amount";
    const rows = await tx
      .select(listed)
      .from(payment)
      .where(and(...where, after(input)))
      .orderBy(byAmount ? desc(payment.amountFen) : desc(payment.createdAt), desc(payment.id))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const last = page.at(-1);
    const more = rows.length > input.limit && last !== undefined;
    return {
      items: await withAttempts(tx, ctx, page),
      nextCursor: more ? encodeCursor([byAmount ? last.amountFen.toString() : last.createdAt.toISOString(), last.id]) : null,
    };
  });
}

/** How many payments stand in each status under the same filter, each counted to a thousand at most. */
export async function countPayments(ctx: Ctx, input: ListPaymentsInput) {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, { ...input, status: undefined });
    const counted = async (extra?: SQL) => {
      const capped = tx
        .select({ one: sql`1` })
        .from(payment)
        .where(and(...where, extra))
        .limit(COUNT_MAX)
        .as("capped");
      const [row] = await tx.select({ n: count() }).from(capped);
      return row?.n ?? 0;
    };
    const statuses = ["pending", "paid", "partially_refunded", "refunded", "closed"] as const;
    const result: Record<string, number> = { all: await counted(), unknown: await counted(inDoubt(tx, ctx)) };
    for (const status of statuses) result[status] = await counted(eq(payment.status, status));
    return { counts: result, countMax: COUNT_MAX };
  });
}

/** Total and number of payments under the filter, for the line beside the title; null where more than a thousand match. */
export async function sumPayments(ctx: Ctx, input: ListPaymentsInput): Promise<{ count: number; totalFen: Fen } | null> {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, input);
    const capped = tx
      .select({ amountFen: payment.amountFen })
      .from(payment)
      .where(and(...where))
      .limit(COUNT_MAX + 1)
      .as("capped");
    const [row] = await tx.select({ n: count(), total: sql<string>`coalesce(sum(${capped.amountFen}), 0)::text` }).from(capped);
    return row && row.n <= COUNT_MAX ? { count: row.n, totalFen: fen(BigInt(row.total)) } : null;
  });
}

function after({ cursor, sort }: ListPaymentsInput): SQL | undefined {
  if (!cursor) return undefined;
  const [key = "", id = ""] = decodeCursor(cursor, 2);
  if (sort === "amount") {
    if (!/^\d{1,15}$/.test(key)) throw new AppError("invalid_input", "cursor", { field: "cursor" });
    return sql`(${payment.amountFen}, ${payment.id}) < (${key}::bigint, ${id})`;
  }
  if (Number.isNaN(Date.parse(key))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return sql`(${payment.createdAt}, ${payment.id}) < (${key}::timestamptz, ${id})`;
}

async function filterOf(tx: Tx, ctx: Ctx, input: ListPaymentsInput): Promise<(SQL | undefined)[]> {
  return [
    eq(payment.tenantId, ctx.tenantId),
    input.status === "unknown" ? inDoubt(tx, ctx) : input.status ? eq(payment.status, input.status) : undefined,
    input.from ? gte(payment.createdAt, startOfBeijingDate(input.from as CivilDate)) : undefined,
    input.to ? lt(payment.createdAt, startOfBeijingDate(addDays(input.to as CivilDate, 1))) : undefined,
    input.minFen ? gte(payment.amountFen, input.minFen) : undefined,
    input.maxFen ? lte(payment.amountFen, input.maxFen) : undefined,
    input.q ? await matching(tx, ctx, input.q) : undefined,
    attemptBy(tx, ctx, input),
  ];
}

/** Exact numbers are looked up by their own index first; only then is the text taken as the beginning of a title. */
async function matching(tx: Tx, ctx: Ctx, q: string): Promise<SQL | undefined> {
  const byAttempt = await tx
    .select({ id: paymentTransaction.paymentId })
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        or(
          eq(paymentTransaction.outTradeNo, q),
          eq(paymentTransaction.id, q as Id<"transaction">),
          eq(paymentTransaction.providerTradeNo, q),
        ),
      ),
    )
    .limit(20);
  const prefix = `${escapeLike(q)}%`;
  return or(
    eq(payment.orderNo, q),
    eq(payment.id, q as Id<"payment">),
    byAttempt.length > 0
      ? inArray(
          payment.id,
          byAttempt.map((one) => one.id),
        )
      : undefined,
    sql`${payment.subject} like ${prefix}`,
    sql`${payment.orderNo} like ${prefix}`,
  );
}

/** Money whose place is not certain: an open case, or an attempt without an answer. Few at any time, so they lead and payments follow. */
function inDoubt(tx: Tx, ctx: Ctx): SQL {
  const cases = tx
    .select({ id: exceptionCase.paymentId })
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.status, "open"), isNotNull(exceptionCase.paymentId)));
  const unanswered = tx
    .select({ id: paymentTransaction.paymentId })
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.status, "unknown")));
  return sql`${payment.id} in (${cases} union all ${unanswered})`;
}

function attemptBy(tx: Tx, ctx: Ctx, { provider, method, environment }: ListPaymentsInput): SQL | undefined {
  if (!provider && !method && !environment) return undefined;
  const attempts = tx
    .select({ one: sql`1` })
    .from(paymentTransaction)
    .innerJoin(channel, and(eq(channel.tenantId, paymentTransaction.tenantId), eq(channel.id, paymentTransaction.channelId)))
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.paymentId, payment.id),
        provider ? eq(paymentTransaction.provider, provider) : undefined,
        method ? eq(paymentTransaction.method, method) : undefined,
        environment ? eq(channel.environment, environment) : undefined,
      ),
    );
  return exists(attempts);
}

/** Adds to each row of the page what its attempts and cases say; one statement each for the whole page. */
async function withAttempts<T extends { id: Id<"payment"> }>(tx: Tx, ctx: Ctx, page: T[]) {
  if (page.length === 0) return [];
  const ids = page.map((row) => row.id);
  const attempts = await tx
    .select({ paymentId: paymentTransaction.paymentId, method: paymentTransaction.method, status: paymentTransaction.status })
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), inArray(paymentTransaction.paymentId, ids)))
    .orderBy(asc(paymentTransaction.createdAt), asc(paymentTransaction.id));
  const cases = await tx
    .select({ paymentId: exceptionCase.paymentId, kind: exceptionCase.kind })
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), inArray(exceptionCase.paymentId, ids), eq(exceptionCase.status, "open")));
  return page.map((row) => {
    const own = attempts.filter((attempt) => attempt.paymentId === row.id);
    return {
      ...row,
      attempts: own.length,
      /** The attempt that paid, else the latest. */
      method: (own.find((attempt) => attempt.status === "succeeded") ?? own.at(-1))?.method ?? null,
      unknownAttempts: own.filter((attempt) => attempt.status === "unknown").length,
      openCases: cases.filter((one) => one.paymentId === row.id).map((one) => one.kind),
    };
  });
}

/** A payment with its attempts, callbacks, books, cases and history: everything the detail shows. No personal data in clear. */
export async function getPaymentDetail(ctx: Ctx, id: Id<"payment">) {
  const vault = await ctx.vault();
  return ctx.read(async (tx) => {
    const owed = await getPayment(tx, ctx, id);
    const attempts = await tx
      .select({
        id: paymentTransaction.id,
        channelId: paymentTransaction.channelId,
        channelName: channel.name,
        environment: channel.environment,
        provider: paymentTransaction.provider,
        method: paymentTransaction.method,
        outTradeNo: paymentTransaction.outTradeNo,
        providerTradeNo: paymentTransaction.providerTradeNo,
        providerState: paymentTransaction.providerState,
        amountFen: paymentTransaction.amountFen,
        receivedFen: paymentTransaction.receivedFen,
        receiptFen: paymentTransaction.receiptFen,
        buyerAccount: paymentTransaction.buyerAccount,
        status: paymentTransaction.status,
        failureCode: paymentTransaction.failureCode,
        queryCount: paymentTransaction.queryCount,
        lastQueryAt: paymentTransaction.lastQueryAt,
        nextQueryAt: paymentTransaction.nextQueryAt,
        paidAt: paymentTransaction.paidAt,
        notifiedAt: paymentTransaction.notifiedAt,
        notificationId: paymentTransaction.notificationId,
        createdAt: paymentTransaction.createdAt,
      })
      .from(paymentTransaction)
      .innerJoin(channel, and(eq(channel.tenantId, paymentTransaction.tenantId), eq(channel.id, paymentTransaction.channelId)))
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.paymentId, id)))
      .orderBy(asc(paymentTransaction.createdAt), asc(paymentTransaction.id));
    const subjects = [id, ...attempts.map((attempt) => attempt.id)];
    const callbacks =
      attempts.length === 0
        ? []
        : await callbacksOf(
            tx,
            ctx,
            attempts.map((attempt) => attempt.outTradeNo),
          );
    const entries = await tx
      .select({
        bookingId: entry.bookingId,
        account: entry.account,
        amountFen: entry.amountFen,
        transactionId: entry.transactionId,
        bookedAt: entry.bookedAt,
      })
      .from(entry)
      .where(and(eq(entry.tenantId, ctx.tenantId), eq(entry.paymentId, id)))
      .orderBy(asc(entry.bookedAt), asc(entry.account));
    const cases = await tx
      .select({
        id: exceptionCase.id,
        kind: exceptionCase.kind,
        status: exceptionCase.status,
        amountFen: exceptionCase.amountFen,
        expectedFen: exceptionCase.expectedFen,
        openedAt: exceptionCase.openedAt,
      })
      .from(exceptionCase)
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.paymentId, id)))
      .orderBy(desc(exceptionCase.openedAt));
    const history = await historyOf(tx, ctx, subjects, 200);
    return {
      payment: { ...pick(owed), checkoutUrl: checkoutUrl(ctx, vault, owed.id) },
      attempts,
      callbacks,
      entries,
      cases,
      history,
    };
  });
}

function pick(owed: Awaited<ReturnType<typeof getPayment>>) {
  const {
    id,
    orderNo,
    subject,
    body,
    amountFen,
    refundedFen,
    status,
    closeReason,
    expiresAt,
    paidAt,
    closedAt,
    cancelRequestedAt,
    createdAt,
    createdBy,
    paidTransactionId,
  } = owed;
  return {
    id,
    orderNo,
    subject,
    body,
    amountFen,
    refundedFen,
    status,
    closeReason,
    expiresAt,
    paidAt,
    closedAt,
    cancelRequestedAt,
    createdAt,
    createdBy,
    paidTransactionId,
  };
}

async function callbacksOf(tx: Tx, ctx: Ctx, numbers: string[]) {
  return tx
    .select({
      id: notification.id,
      provider: notification.provider,
      state: notification.state,
      providerState: notification.providerState,
      amountFen: notification.amountFen,
      outTradeNo: notification.outTradeNo,
      copies: notification.copies,
      receivedAt: notification.receivedAt,
      cause: notification.cause,
    })
    .from(notification)
    .where(and(eq(notification.tenantId, ctx.tenantId), inArray(notification.outTradeNo, numbers), gt(notification.copies, 0)))
    .orderBy(desc(notification.receivedAt))
    .limit(100);
}
