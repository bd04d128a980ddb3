import { and, type SQL, sql } from "drizzle-orm";
import type { CaseKind } from "~/domain/exception";
import { paymentMachine } from "~/domain/payment";
import type { ListPaymentsInput } from "~/domain/payment-input";
import type { Fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { type Asked, fenAsked, jsonColumns } from "~/server/db/ask";
import { encodeCursor } from "~/server/db/cursor";
import { exceptionCase, openTransaction, payment } from "~/server/db/schema";
import { filterOf, inStatus, pageOf } from "./filter";

/** Above this a count says "1000+": nobody reads it, and counting a million rows would cost what the page may not. */
const COUNT_MAX = 1_000;

const columns = {
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
  method: payment.method,
  attempts: payment.attempts,
};

const LISTED = jsonColumns(columns);

type Row = Asked<typeof columns> & {
  openCases: CaseKind[];
  /** Whether an attempt has no answer. */
  inDoubt: boolean;
};

/** One page of payments, newest first (or by amount), by keyset: a deep page costs what the first costs. */
export async function listPayments(ctx: Ctx, input: ListPaymentsInput) {
  const rows = await askPage(ctx, input);
  const items = rows.slice(0, input.limit).map(readRow);
  const last = items.at(-1);
  const more = rows.length > input.limit && last !== undefined;
  const place = more && [input.sort === "amount" ? last.amountFen.toString() : last.createdAt.toISOString(), last.id];
  return { items, nextCursor: place ? encodeCursor(place) : null };
}

/**
 * One statement: the page, and for its rows alone what is not certain about them. One row more than asked says that there is more.
 * An attempt that the common callback settled leaves the open ones a moment later; it is the one that paid. Written so that each
 * part is planned once: `exists` would be planned twice, and a join costs more to plan than to run.
 */
function askPage(ctx: Ctx, input: ListPaymentsInput): Promise<Row[]> {
  const key = input.sort === "amount" ? payment.amountFen : payment.createdAt;
  const statement = sql`
    select ${LISTED},
           array(select c.kind from ${exceptionCase} c
                  where c.tenant_id = ${ctx.tenantId} and c.payment_id = ${payment.id} and c.status = 'open') as "openCases",
           (select true from ${openTransaction} o
             where o.tenant_id = ${ctx.tenantId} and o.payment_id = ${payment.id} and o.in_doubt
               and o.transaction_id is distinct from ${payment.paidTransactionId} limit 1) is true as "inDoubt"
      from ${payment} where ${pageOf(ctx, input)} order by ${key} desc, ${payment.id} desc limit ${input.limit + 1}::int`;
  return ctx.ask<Row>(statement);
}

/** Field by field: copying objects of such rows costs more than the rest of the page. */
function readRow(row: Row) {
  return {
    id: row.id,
    orderNo: row.orderNo,
    subject: row.subject,
    amountFen: fenAsked(row.amountFen),
    refundedFen: fenAsked(row.refundedFen),
    status: row.status,
    closeReason: row.closeReason,
    createdAt: new Date(row.createdAt),
    paidAt: row.paidAt === null ? null : new Date(row.paidAt),
    expiresAt: new Date(row.expiresAt),
    method: row.method,
    attempts: row.attempts,
    openCases: row.openCases,
    inDoubt: row.inDoubt,
  };
}

/** How many payments stand in each status under the same filter, each counted to a thousand at most. */
export async function countPayments(ctx: Ctx, input: ListPaymentsInput) {
  const filter = { ...input, status: undefined, cursor: undefined };
  const where = filterOf(ctx, filter);
  const counted = (name: string, extra?: SQL) =>
    sql`(select count(*) from (select 1 from ${payment} where ${and(where, extra)} limit ${COUNT_MAX}::int) capped) as ${sql.identifier(name)}`;
  const statuses = [...paymentMachine.states.filter((status) => status !== "refunding"), "unknown" as const];
  const all = [counted("all"), ...statuses.map((status) => counted(status, inStatus(ctx, status, filter)))];
  const [counts = {}] = await ctx.ask<Record<string, number>>(sql`select ${sql.join(all, sql`, `)}`);
  return { counts, countMax: COUNT_MAX };
}

/** Total and number of payments under the filter, for the line beside the title; null where more than a thousand match. */
export async function sumPayments(ctx: Ctx, input: ListPaymentsInput): Promise<{ count: number; totalFen: Fen } | null> {
  const [row] = await ctx.ask<{ count: number; total: string }>(
    sql`select count(*), coalesce(sum(capped.amount_fen), 0)::text as total
          from (select amount_fen from ${payment} where ${filterOf(ctx, input)} limit ${COUNT_MAX + 1}::int) capped`,
  );
  return row && row.count <= COUNT_MAX ? { count: row.count, totalFen: fenAsked(row.total) } : null;
}
