import { and, asc, desc, eq, isNull, ne, or, sql } from "drizzle-orm";
import { type AnyPgColumn, alias } from "drizzle-orm/pg-core";
import { CASE_PROPOSAL } from "~/domain/exception";
import type { ListCasesInput } from "~/domain/exception-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { caseNote, channel, exceptionCase, payment, paymentTransaction, user } from "~/server/db/schema";
import { historyOf } from "~/server/services/event";
import { getCase } from "./desk";

const closer = alias(user, "closer");

const listed = {
  id: exceptionCase.id,
  kind: exceptionCase.kind,
  status: exceptionCase.status,
  amountFen: exceptionCase.amountFen,
  expectedFen: exceptionCase.expectedFen,
  outTradeNo: exceptionCase.outTradeNo,
  providerTradeNo: exceptionCase.providerTradeNo,
  paymentId: exceptionCase.paymentId,
  orderNo: payment.orderNo,
  subject: payment.subject,
  provider: channel.provider,
  channelName: channel.name,
  ownerId: exceptionCase.ownerId,
  ownerName: user.name,
  openedAt: exceptionCase.openedAt,
  closedAt: exceptionCase.closedAt,
};

/** Cases by age, oldest first while open; the latest ended first otherwise. */
export async function listCases(ctx: Ctx, input: ListCasesInput) {
  return ctx.read(async (tx) => {
    const open = input.status === "open";
    const since = open ? exceptionCase.openedAt : exceptionCase.closedAt;
    const rows = await tx
      .select(listed)
      .from(exceptionCase)
      .innerJoin(channel, and(eq(channel.tenantId, exceptionCase.tenantId), eq(channel.id, exceptionCase.channelId)))
      .leftJoin(payment, and(eq(payment.tenantId, exceptionCase.tenantId), eq(payment.id, exceptionCase.paymentId)))
      .leftJoin(user, eq(user.id, exceptionCase.ownerId))
      .where(
        and(
          eq(exceptionCase.tenantId, ctx.tenantId),
          input.status === "ended" ? ne(exceptionCase.status, "open") : eq(exceptionCase.status, input.status),
          input.kind ? eq(exceptionCase.kind, input.kind) : undefined,
          input.owner === "nobody" ? isNull(exceptionCase.ownerId) : undefined,
          input.owner === "me" ? eq(exceptionCase.ownerId, ctx.actor.id as Id<"user">) : undefined,
          input.q
            ? or(eq(exceptionCase.outTradeNo, input.q), eq(exceptionCase.providerTradeNo, input.q), eq(payment.orderNo, input.q))
            : undefined,
          afterCursor(input.cursor, since, open),
        ),
      )
      .orderBy(...(open ? [asc(since), asc(exceptionCase.id)] : [desc(since), desc(exceptionCase.id)]))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor: rows.length > input.limit && last ? encodeCursor([(last.closedAt ?? last.openedAt).toISOString(), last.id]) : null,
    };
  });
}

function afterCursor(cursor: string | undefined, since: AnyPgColumn, ascending: boolean) {
  if (!cursor) return undefined;
  const [at = "", id = ""] = decodeCursor(cursor, 2);
  if (Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return ascending
    ? sql`(${since}, ${exceptionCase.id}) > (${at}::timestamptz, ${id})`
    : sql`(${since}, ${exceptionCase.id}) < (${at}::timestamptz, ${id})`;
}

/** Money at risk now: in all, by kind, the oldest of each kind, and how many have an owner. */
export async function sumCases(ctx: Ctx) {
  return ctx.read(async (tx) => {
    const rows = await tx
      .select({
        kind: exceptionCase.kind,
        count: sql<number>`count(*)::int`,
        owned: sql<number>`count(${exceptionCase.ownerId})::int`,
        total: sql<string>`sum(${exceptionCase.amountFen})::text`,
        // As epoch milliseconds: Drizzle has no decoder for an aggregate's timestamp.
        oldest: sql<string>`(extract(epoch from min(${exceptionCase.openedAt})) * 1000)::bigint::text`,
      })
      .from(exceptionCase)
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.status, "open")))
      .groupBy(exceptionCase.kind);
    const kinds = rows
      .map((row) => ({
        kind: row.kind,
        count: row.count,
        owned: row.owned,
        totalFen: fen(BigInt(row.total)),
        oldestAt: new Date(Number(row.oldest)),
      }))
      .sort((a, b) => (a.totalFen === b.totalFen ? a.oldestAt.getTime() - b.oldestAt.getTime() : a.totalFen > b.totalFen ? -1 : 1));
    return {
      kinds,
      count: kinds.reduce((n, one) => n + one.count, 0),
      owned: kinds.reduce((n, one) => n + one.owned, 0),
      totalFen: fen(kinds.reduce((n, one) => n + one.totalFen, 0n)),
    };
  });
}

/** A case with both sides' facts, its notes and its history. */
export async function getCaseDetail(ctx: Ctx, id: Id<"case">) {
  return ctx.read(async (tx) => {
    const found = await getCase(tx, ctx, id);
    const [around] = await tx
      .select({
        provider: channel.provider,
        channelName: channel.name,
        channelAppId: channel.appId,
        channelSellerId: channel.sellerId,
        orderNo: payment.orderNo,
        subject: payment.subject,
        paymentStatus: payment.status,
        paymentAmountFen: payment.amountFen,
        paidAt: payment.paidAt,
        paymentClosedAt: payment.closedAt,
        method: paymentTransaction.method,
        transactionStatus: paymentTransaction.status,
        ownerName: user.name,
        closedByName: closer.name,
      })
      .from(exceptionCase)
      .innerJoin(channel, and(eq(channel.tenantId, exceptionCase.tenantId), eq(channel.id, exceptionCase.channelId)))
      .leftJoin(payment, and(eq(payment.tenantId, exceptionCase.tenantId), eq(payment.id, exceptionCase.paymentId)))
      .leftJoin(
        paymentTransaction,
        and(eq(paymentTransaction.tenantId, exceptionCase.tenantId), eq(paymentTransaction.id, exceptionCase.transactionId)),
      )
      .leftJoin(user, eq(user.id, exceptionCase.ownerId))
      .leftJoin(closer, eq(closer.id, exceptionCase.closedBy as never))
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.id, id)));
    const notes = await tx
      .select({ id: caseNote.id, text: caseNote.text, authorName: user.name, createdAt: caseNote.createdAt })
      .from(caseNote)
      .leftJoin(user, eq(user.id, caseNote.authorId as never))
      .where(and(eq(caseNote.tenantId, ctx.tenantId), eq(caseNote.caseId, id)))
      .orderBy(desc(caseNote.createdAt), desc(caseNote.id))
      .limit(200);
    // What led to the case happened to the payment and its attempt.
    const subjects = [id, found.paymentId, found.transactionId].filter((one) => one !== null);
    const history = await historyOf(tx, ctx, subjects, 100);
    const { tenantId: _tenant, dedupeKey: _key, ...shown } = found;
    return { case: { ...shown, ...around }, proposal: CASE_PROPOSAL[found.kind], notes, history };
  });
}
