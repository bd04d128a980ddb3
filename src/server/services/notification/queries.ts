import { and, desc, eq, gte, inArray, lt, or, sql } from "drizzle-orm";
import { type NotificationState, notificationMachine } from "~/domain/notification";
import type { ListNotificationsInput } from "~/domain/notification-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { channel, exceptionCase, isNotApplied, notification, payment, paymentTransaction } from "~/server/db/schema";
import type { Notification } from "./apply";
import { isAbout, type MetCase } from "./met-case";

const COUNT_MAX = 1_000;
/** Far above the attempts that one payment has. */
const ATTEMPTS_MAX = 100;

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
        /** What the failing step saw: a field's name, a serial. */
        evidence: sql<string | null>`${notification.steps} -> -1 ->> 'evidence'`,
        outTradeNo: notification.outTradeNo,
        providerTradeNo: notification.providerTradeNo,
        providerState: notification.providerState,
        amountFen: notification.amountFen,
        copies: notification.copies,
        sourceIp: notification.sourceIp,
        receivedAt: notification.receivedAt,
        appliedAt: notification.appliedAt,
        paymentId: paymentTransaction.paymentId,
        orderNo: payment.orderNo,
      })
      .from(notification)
      .innerJoin(channel, and(eq(channel.tenantId, notification.tenantId), eq(channel.id, notification.channelId)))
      .leftJoin(
        paymentTransaction,
        and(eq(paymentTransaction.tenantId, notification.tenantId), eq(paymentTransaction.id, notification.transactionId)),
      )
      .leftJoin(payment, and(eq(payment.tenantId, paymentTransaction.tenantId), eq(payment.id, paymentTransaction.paymentId)))
      .where(and(...(await filterOf(tx, ctx, input)), input.state ? inState(input.state) : undefined, afterCursor(input.cursor)))
      .orderBy(desc(notification.receivedAt), desc(notification.id))
      .limit(input.limit + 1);
    const shown = rows.slice(0, input.limit);
    const cases = await openCasesOf(tx, ctx, shown);
    const items = shown.map((row) => ({ ...row, caseIsOpen: cases.some((one) => isAbout(one, row)) }));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.receivedAt.toISOString(), last.id]) : null };
  });
}

/** Open cases that any of these messages may have met. Plum is for money whose place is open, and that a case says. */
async function openCasesOf(tx: Tx, ctx: Ctx, messages: readonly Pick<Notification, "id" | "outTradeNo">[]): Promise<MetCase[]> {
  const numbers = [...new Set(messages.flatMap(({ outTradeNo }) => outTradeNo ?? []))];
  if (messages.length === 0) return [];
  return tx
    .select({
      kind: exceptionCase.kind,
      channelId: exceptionCase.channelId,
      notificationId: exceptionCase.notificationId,
      outTradeNo: exceptionCase.outTradeNo,
    })
    .from(exceptionCase)
    .where(
      and(
        eq(exceptionCase.tenantId, ctx.tenantId),
        eq(exceptionCase.status, "open"),
        or(
          inArray(
            exceptionCase.notificationId,
            messages.map(({ id }) => id),
          ),
          numbers.length > 0 ? inArray(exceptionCase.outTradeNo, numbers) : undefined,
        ),
      ),
    );
}

/** How many messages stand in each state under the filter, each counted to a thousand at most. */
export async function countNotifications(ctx: Ctx, input: ListNotificationsInput) {
  return ctx.read(async (tx) => {
    const filter = await filterOf(tx, ctx, input);
    const counts: Record<string, number> = { all: 0 };
    for (const state of notificationMachine.states) {
      const capped = tx
        .select({ one: sql`1` })
        .from(notification)
        .where(and(...filter, inState(state)))
        .limit(COUNT_MAX)
        .as("capped");
      const [row] = await tx.select({ n: sql<number>`count(*)::int` }).from(capped);
      counts[state] = row?.n ?? 0;
      counts.all = Math.min(COUNT_MAX, (counts.all ?? 0) + (row?.n ?? 0));
    }
    return { counts, countMax: COUNT_MAX };
  });
}

/** Those that are not applied are few and stand in an index of their own; the applied ones are met everywhere. */
const inState = (state: NotificationState) =>
  and(eq(notification.state, state), state === "applied" ? undefined : isNotApplied(notification.state));

async function filterOf(tx: Tx, ctx: Ctx, input: ListNotificationsInput) {
  const numbers = input.q ? await ourNumbersOf(tx, ctx, input.q) : [];
  return [
    eq(notification.tenantId, ctx.tenantId),
    input.provider ? eq(notification.provider, input.provider) : undefined,
    input.channelId ? eq(notification.channelId, input.channelId) : undefined,
    input.q
      ? or(
          inArray(notification.outTradeNo, [input.q, ...numbers]),
          eq(notification.providerTradeNo, input.q),
          eq(notification.id, input.q as Id<"notification">),
        )
      : undefined,
    input.from ? gte(notification.receivedAt, startOfBeijingDate(input.from as CivilDate)) : undefined,
    input.to ? lt(notification.receivedAt, startOfBeijingDate(addDays(input.to as CivilDate, 1))) : undefined,
  ];
}

/** People search by their own order number; messages carry the numbers of its attempts. */
async function ourNumbersOf(tx: Tx, ctx: Ctx, orderNo: string): Promise<string[]> {
  const rows = await tx
    .select({ outTradeNo: paymentTransaction.outTradeNo })
    .from(payment)
    .innerJoin(paymentTransaction, and(eq(paymentTransaction.tenantId, payment.tenantId), eq(paymentTransaction.paymentId, payment.id)))
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.orderNo, orderNo)))
    .limit(ATTEMPTS_MAX);
  return rows.map(({ outTradeNo }) => outTradeNo);
}

function afterCursor(cursor: string | undefined) {
  if (!cursor) return undefined;
  const [at = "", id = ""] = decodeCursor(cursor, 2);
  if (Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return sql`(${notification.receivedAt}, ${notification.id}) < (${at}::timestamptz, ${id})`;
}
