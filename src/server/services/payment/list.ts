import { and, type SQL, sql } from "drizzle-orm";
import type { CaseKind } from "~/domain/exception";
import { paymentMachine, type TransactionStatus } from "~/domain/payment";
import type { ListPaymentsInput } from "~/domain/payment-input";
import type { Method } from "~/domain/provider";
import type { Fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { type Asked, fenAsked, jsonColumns } from "~/server/db/ask";
import { encodeCursor } from "~/server/db/cursor";
import { exceptionCase, payment, paymentTransaction } from "~/server/db/schema";
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
};

const LISTED = jsonColumns(columns);

type Row = Asked<typeof columns> & {
  /** Method and status of each attempt, the first first. */
  own: [Method, TransactionStatus][];
  openCases: CaseKind[];
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

/** One statement: the page, and for its rows alone what their attempts and open cases say. One row more than asked says that there is more. */
function askPage(ctx: Ctx, input: ListPaymentsInput): Promise<Row[]> {
  const { where, first } = pageOf(ctx, input);
  const key = input.sort === "amount" ? payment.amountFen : payment.createdAt;
  const statement = sql`
    select ${LISTED},
           array(select json_build_array(t.method, t.status) from ${paymentTransaction} t
                  where t.tenant_id = ${ctx.tenantId} and t.payment_id = ${payment.id} order by t.created_at, t.id) as own,
           array(select c.kind from ${exceptionCase} c
                  where c.tenant_id = ${ctx.tenantId} and c.payment_id = ${payment.id} and c.status = 'open') as "openCases"
      from ${payment} where ${where} order by ${key} desc, ${payment.id} desc limit ${input.limit + 1}::int`;
  return ctx.ask<Row>(statement, first);
}

/** Field by field: copying objects of such rows costs more than the rest of the page. */
function readRow({ id, orderNo, subject, amountFen, refundedFen, status, closeReason, createdAt, paidAt, expiresAt, own, openCases }: Row) {
  const paid = own.find(([, one]) => one === "succeeded") ?? own.at(-1);
  return {
    id,
    orderNo,
    subject,
    amountFen: fenAsked(amountFen),
    refundedFen: fenAsked(refundedFen),
    status,
    closeReason,
    createdAt: new Date(createdAt),
    paidAt: paidAt === null ? null : new Date(paidAt),
    expiresAt: new Date(expiresAt),
    openCases,
    attempts: own.length,
    /** Of the attempt that paid, else of the latest. */
    method: paid?.[0] ?? null,
    unknownAttempts: own.filter(([, one]) => one === "unknown").length,
  };
}

/** How many payments stand in each status under the same filter, each counted to a thousand at most. */
export async function countPayments(ctx: Ctx, input: ListPaymentsInput) {
  const filter = { ...input, status: undefined, cursor: undefined };
  const { where, first } = filterOf(ctx, filter);
  const counted = (name: string, extra?: SQL) =>
    sql`(select count(*) from (select 1 from ${payment} where ${and(where, extra)} limit ${COUNT_MAX}::int) capped) as ${sql.identifier(name)}`;
  const statuses = [...paymentMachine.states.filter((status) => status !== "refunding"), "unknown" as const];
  const all = [counted("all"), ...statuses.map((status) => counted(status, inStatus(ctx, status, filter)))];
  const [counts = {}] = await ctx.ask<Record<string, number>>(sql`select ${sql.join(all, sql`, `)}`, first);
  return { counts, countMax: COUNT_MAX };
}

/** Total and number of payments under the filter, for the line beside the title; null where more than a thousand match. */
export async function sumPayments(ctx: Ctx, input: ListPaymentsInput): Promise<{ count: number; totalFen: Fen } | null> {
  const { where, first } = filterOf(ctx, input);
  const [row] = await ctx.ask<{ count: number; total: string }>(
    sql`select count(*), coalesce(sum(capped.amount_fen), 0)::text as total
          from (select amount_fen from ${payment} where ${where} limit ${COUNT_MAX + 1}::int) capped`,
    first,
  );
  return row && row.count <= COUNT_MAX ? { count: row.count, totalFen: fenAsked(row.total) } : null;
}
