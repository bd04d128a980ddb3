import { and, asc, count, desc, eq, gte, isNotNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { DifferenceKind } from "~/domain/reconciliation";
import type { ListDifferencesInput } from "~/domain/reconciliation-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { type Fen, fen } from "~/lib/money";
import { beijingDate, type CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { channel, difference, payment, reconciliationDay, statement, user } from "~/server/db/schema";
import { historyOf } from "~/server/services/event";

export type Day = typeof reconciliationDay.$inferSelect;
export type Difference = typeof difference.$inferSelect;

const closer = alias(user, "closer");
const openOnly = eq(difference.status, "open");

/** The calendar shows a channel for a month if it is in use or has days in it. */
const CHANNELS_MAX = 100;

/** The days of a Beijing month, by channel: each with its state, both sides' sums and how much of it is open. */
export async function getCalendar(ctx: Ctx, input: { month?: string }) {
  const today = beijingDate(ctx.now());
  const month = input.month ?? today.slice(0, 7);
  const [first, last] = [`${month}-01` as CivilDate, `${month}-31` as CivilDate];
  return ctx.read(async (tx) => {
    const days = await tx
      .select({
        id: reconciliationDay.id,
        channelId: reconciliationDay.channelId,
        day: reconciliationDay.day,
        status: reconciliationDay.status,
        failureCode: reconciliationDay.failureCode,
        ourPaidFen: reconciliationDay.ourPaidFen,
        theirPaidFen: reconciliationDay.theirPaidFen,
        unlisted: reconciliationDay.unlisted,
        // The day's id with its table's name, which a column in a query of one table is written without: `id` alone would be the difference's.
        open: sql<number>`(select count(*)::int from ${difference} d where d.tenant_id = ${ctx.tenantId} and d.day_id = reconciliation_day.id and d.status = 'open')`,
      })
      .from(reconciliationDay)
      .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), gte(reconciliationDay.day, first), lte(reconciliationDay.day, last)))
      .orderBy(asc(reconciliationDay.day));
    const channels = await tx
      .select({
        id: channel.id,
        name: channel.name,
        provider: channel.provider,
        environment: channel.environment,
        sellerId: channel.sellerId,
        deletedAt: channel.deletedAt,
      })
      .from(channel)
      .where(eq(channel.tenantId, ctx.tenantId))
      .orderBy(asc(channel.provider), asc(channel.createdAt), asc(channel.id));
    const [bounds] = await tx
      .select({ first: sql<CivilDate | null>`min(${reconciliationDay.day})`, last: sql<CivilDate | null>`max(${reconciliationDay.day})` })
      .from(reconciliationDay)
      .where(eq(reconciliationDay.tenantId, ctx.tenantId));
    return {
      month,
      today,
      /** The months that have days at all. */
      firstMonth: bounds?.first?.slice(0, 7) ?? null,
      lastMonth: bounds?.last?.slice(0, 7) ?? null,
      open: await sumOpen(tx, ctx),
      channels: channels
        .map(({ deletedAt, ...one }) => ({
          ...one,
          deleted: deletedAt !== null,
          days: days.filter(({ channelId }) => channelId === one.id).map(({ channelId: _, ...day }) => day),
        }))
        .filter(({ deleted, days: own }) => !deleted || own.length > 0)
        .slice(0, CHANNELS_MAX),
    };
  });
}

export type OpenSum = { count: number; amountFen: Fen; oldestAt: Date | null };

/** What is open over all days: how many, and how much money they are about (for amounts, the part that differs). */
export async function sumOpen(tx: Tx, ctx: Ctx, owner?: Id<"user">): Promise<OpenSum> {
  const [row] = await tx.execute<{ count: number; total: string; oldest: string | null }>(sql`
    select count(*)::int as count, coalesce(sum(abs(coalesce(their_fen, 0) - coalesce(our_fen, 0))), 0)::text as total,
           (extract(epoch from min(opened_at)) * 1000)::bigint::text as oldest
      from ${difference} where tenant_id = ${ctx.tenantId} and status = 'open' ${owner ? sql`and owner_id = ${owner}` : sql``}`);
  return {
    count: row?.count ?? 0,
    amountFen: fen(BigInt(row?.total ?? 0)),
    oldestAt: row?.oldest ? new Date(Number(row.oldest)) : null,
  };
}

/** A day with its channel, its statement, its differences counted by kind, its neighbours and what happened. Throws `not_found`. */
export async function getDayDetail(ctx: Ctx, dayId: Id<"reconciliation">) {
  return ctx.read(async (tx) => {
    const { tenantId: _, ...day } = await getDay(tx, ctx, dayId);
    const [via] = await tx
      .select({
        id: channel.id,
        name: channel.name,
        provider: channel.provider,
        environment: channel.environment,
        appId: channel.appId,
        sellerId: channel.sellerId,
      })
      .from(channel)
      .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, day.channelId)));
    if (!via) throw new AppError("not_found", "channel", { what: "channel" });
    const [file] = await tx
      .select({
        id: statement.id,
        format: statement.format,
        bytes: statement.bytes,
        sha256: statement.sha256,
        fetchedAt: statement.fetchedAt,
      })
      .from(statement)
      .where(and(eq(statement.tenantId, ctx.tenantId), eq(statement.dayId, dayId), isNotNull(statement.fetchedAt)))
      .orderBy(desc(statement.createdAt), desc(statement.id))
      .limit(1);
    const kinds = await tx
      .select({ kind: difference.kind, total: count(), open: sql<number>`count(*) filter (where ${openOnly})::int` })
      .from(difference)
      .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.dayId, dayId)))
      .groupBy(difference.kind);
    return {
      day,
      channel: via,
      statement: file ?? null,
      kinds: kinds satisfies { kind: DifferenceKind; total: number; open: number }[],
      open: kinds.reduce((sum, one) => sum + one.open, 0),
      ...(await neighboursOf(tx, ctx, day)),
      history: await historyOf(tx, ctx, [dayId], 50),
    };
  });
}
export type DayDetail = Awaited<ReturnType<typeof getDayDetail>>;

/** The day before and the day after that were begun for the same channel. */
async function neighboursOf(tx: Tx, ctx: Ctx, { channelId, day }: Pick<Day, "channelId" | "day">) {
  const next = async (beyond: SQL, order: SQL) => {
    const [found] = await tx
      .select({ id: reconciliationDay.id })
      .from(reconciliationDay)
      .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.channelId, channelId), beyond))
      .orderBy(order)
      .limit(1);
    return found?.id ?? null;
  };
  return {
    previousId: await next(lt(reconciliationDay.day, day), desc(reconciliationDay.day)),
    nextId: await next(sql`${reconciliationDay.day} > ${day}`, asc(reconciliationDay.day)),
  };
}

/** Differences, newest first; of one day or of all. */
export async function listDifferences(ctx: Ctx, input: ListDifferencesInput) {
  return ctx.read(async (tx) => {
    const rows = await tx
      .select({
        id: difference.id,
        dayId: difference.dayId,
        day: reconciliationDay.day,
        dayStatus: reconciliationDay.status,
        channelId: difference.channelId,
        channelName: channel.name,
        provider: channel.provider,
        kind: difference.kind,
        status: difference.status,
        outTradeNo: difference.outTradeNo,
        tradeNo: difference.tradeNo,
        refundNo: difference.refundNo,
        paymentId: difference.paymentId,
        orderNo: payment.orderNo,
        subject: payment.subject,
        ourFen: difference.ourFen,
        theirFen: difference.theirFen,
        ourFee: difference.ourFee,
        theirFee: difference.theirFee,
        facts: difference.facts,
        foundOn: difference.foundOn,
        ownerId: difference.ownerId,
        ownerName: user.name,
        reason: difference.reason,
        openedAt: difference.openedAt,
        closedAt: difference.closedAt,
        closedBy: difference.closedBy,
        closedByName: closer.name,
      })
      .from(difference)
      .innerJoin(reconciliationDay, and(eq(reconciliationDay.tenantId, difference.tenantId), eq(reconciliationDay.id, difference.dayId)))
      .innerJoin(channel, and(eq(channel.tenantId, difference.tenantId), eq(channel.id, difference.channelId)))
      .leftJoin(payment, and(eq(payment.tenantId, difference.tenantId), eq(payment.id, difference.paymentId)))
      .leftJoin(user, eq(user.id, difference.ownerId))
      .leftJoin(closer, eq(closer.id, difference.closedBy as never))
      .where(and(eq(difference.tenantId, ctx.tenantId), ...filters(ctx, input)))
      .orderBy(desc(difference.openedAt), desc(difference.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.openedAt.toISOString(), last.id]) : null };
  });
}

function filters(ctx: Ctx, input: ListDifferencesInput): (SQL | undefined)[] {
  const { dayId, differenceId, status, kind, owner, q, cursor } = input;
  return [
    dayId && eq(difference.dayId, dayId),
    differenceId && eq(difference.id, differenceId),
    status && (status === "ended" ? sql`${difference.status} <> 'open'` : eq(difference.status, status)),
    kind && eq(difference.kind, kind),
    owner === "me" ? eq(difference.ownerId, ctx.actor.id as Id<"user">) : undefined,
    q ? or(eq(difference.outTradeNo, q), eq(difference.tradeNo, q), eq(difference.refundNo, q), eq(payment.orderNo, q)) : undefined,
    cursor ? before(cursor) : undefined,
  ];
}

function before(cursor: string): SQL {
  const [at = "", id = ""] = decodeCursor(cursor, 2);
  if (Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return sql`(${difference.openedAt}, ${difference.id}) < (${at}::timestamptz, ${id})`;
}

export async function getDay(tx: Tx, ctx: Ctx, id: Id<"reconciliation">): Promise<Day> {
  const [found] = await tx
    .select()
    .from(reconciliationDay)
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, id)));
  if (!found) throw new AppError("not_found", "day", { what: "day" });
  return found;
}

/** The day of a channel, or null when it has not begun. */
export async function findDay(tx: Tx, ctx: Ctx, channelId: Id<"channel">, day: CivilDate): Promise<Day | null> {
  const [found] = await tx
    .select()
    .from(reconciliationDay)
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.channelId, channelId), eq(reconciliationDay.day, day)));
  return found ?? null;
}
