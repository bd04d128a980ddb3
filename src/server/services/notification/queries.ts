import { and, desc, eq, gte, inArray, lt, or, sql } from "drizzle-orm";
import { notificationMachine } from "~/domain/notification";
import type { ListNotificationsInput } from "~/domain/notification-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { channel, exceptionCase, notification, payment, paymentTransaction } from "~/server/db/schema";

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
        /** Plum is for money whose place is open, and that a case says. */
        caseIsOpen: openCaseOf(),
      })
      .from(notification)
      .innerJoin(channel, and(eq(channel.tenantId, notification.tenantId), eq(channel.id, notification.channelId)))
      .leftJoin(
        paymentTransaction,
        and(eq(paymentTransaction.tenantId, notification.tenantId), eq(paymentTransaction.id, notification.transactionId)),
      )
      .leftJoin(payment, and(eq(payment.tenantId, paymentTransaction.tenantId), eq(payment.id, paymentTransaction.paymentId)))
      .where(
        and(...(await filterOf(tx, ctx, input)), input.state ? eq(notification.state, input.state) : undefined, afterCursor(input.cursor)),
      )
      .orderBy(desc(notification.receivedAt), desc(notification.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.receivedAt.toISOString(), last.id]) : null };
  });
}

/** Whether money that this message tells of waits on the desk. A second message about the same attempt meets the first one's case. */
const openCaseOf = () => sql<boolean>`${notification.state} in ('misfit', 'applied') and exists (
  select 1 from ${exceptionCase} where ${exceptionCase.tenantId} = ${notification.tenantId} and ${exceptionCase.status} = 'open'
     and (${exceptionCase.notificationId} = ${notification.id}
       or (${exceptionCase.channelId} = ${notification.channelId} and ${exceptionCase.outTradeNo} = ${notification.outTradeNo})))`;

/** How many messages stand in each state under the filter, each counted to a thousand at most. */
export async function countNotifications(ctx: Ctx, input: ListNotificationsInput) {
  return ctx.read(async (tx) => {
    const filter = await filterOf(tx, ctx, input);
    const counts: Record<string, number> = { all: 0 };
    for (const state of notificationMachine.states) {
      const capped = tx
        .select({ one: sql`1` })
        .from(notification)
        .where(and(...filter, eq(notification.state, state)))
        .limit(COUNT_MAX)
        .as("capped");
      const [row] = await tx.select({ n: sql<number>`count(*)::int` }).from(capped);
      counts[state] = row?.n ?? 0;
      counts.all = Math.min(COUNT_MAX, (counts.all ?? 0) + (row?.n ?? 0));
    }
    return { counts, countMax: COUNT_MAX };
  });
}

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
