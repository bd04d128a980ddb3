import { and, count, desc, eq, type SQL, sql } from "drizzle-orm";
import type { CaseKind } from "~/domain/exception";
import { paymentMachine, type TransactionStatus } from "~/domain/payment";
import type { ListPaymentsInput } from "~/domain/payment-input";
import type { Method } from "~/domain/provider";
import { type Fen, fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { encodeCursor } from "~/server/db/cursor";
import { exceptionCase, payment, paymentTransaction } from "~/server/db/schema";
import { filterOf, inDoubt, pageOf } from "./filter";

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
  const rows = await ctx.read(async (tx) => selectPage(tx, ctx, input, await pageOf(tx, ctx, input)));
  const items = rows.slice(0, input.limit).map(withAttempts);
  const last = items.at(-1);
  const more = rows.length > input.limit && last !== undefined;
  const place = more && [input.sort === "amount" ? last.amountFen.toString() : last.createdAt.toISOString(), last.id];
  return { items, nextCursor: place ? encodeCursor(place) : null };
}

/** One statement: the page, and for its rows alone what their attempts and open cases say. One row more than asked says that there is more. */
export function selectPage(tx: Tx, ctx: Ctx, { sort, limit }: ListPaymentsInput, where: (SQL | undefined)[]) {
  const byAmount = sort === "amount";
  const page = tx
    .select(listed)
    .from(payment)
    .where(and(...where))
    .orderBy(byAmount ? desc(payment.amountFen) : desc(payment.createdAt), desc(payment.id))
    .limit(limit + 1)
    .as("page");
  const id = sql`page.id`;
  return tx
    .select({
      ...page._.selectedFields,
      /** Method and status of each, the first first. */
      own: sql<[Method, TransactionStatus][]>`(
        select coalesce(json_agg(json_build_array(t.method, t.status) order by t.created_at, t.id), '[]')
          from ${paymentTransaction} t where t.tenant_id = ${ctx.tenantId} and t.payment_id = ${id})`,
      openCases: sql<CaseKind[]>`(
        select coalesce(json_agg(c.kind), '[]')
          from ${exceptionCase} c where c.tenant_id = ${ctx.tenantId} and c.payment_id = ${id} and c.status = 'open')`,
    })
    .from(page)
    .orderBy(byAmount ? desc(page.amountFen) : desc(page.createdAt), desc(page.id));
}

function withAttempts<Row extends { own: [Method, TransactionStatus][] }>({ own, ...row }: Row) {
  const paid = own.find(([, status]) => status === "succeeded") ?? own.at(-1);
  return {
    ...row,
    attempts: own.length,
    /** Of the attempt that paid, else of the latest. */
    method: paid?.[0] ?? null,
    unknownAttempts: own.filter(([, status]) => status === "unknown").length,
  };
}

/** How many payments stand in each status under the same filter, each counted to a thousand at most. */
export async function countPayments(ctx: Ctx, input: ListPaymentsInput) {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, { ...input, status: undefined });
    const counted = (extra?: SQL) => {
      const capped = tx
        .select({ one: sql`1` })
        .from(payment)
        .where(and(...where, extra))
        .limit(COUNT_MAX);
      return sql<number>`(select count(*)::int from (${capped}) capped)`;
    };
    const statuses = paymentMachine.states.filter((status) => status !== "refunding");
    const [counts = {}] = await tx.execute<Record<string, number>>(
      sql`select ${sql.join(
        [
          sql`${counted()} as "all"`,
          sql`${counted(inDoubt(tx, ctx))} as "unknown"`,
          ...statuses.map((status) => sql`${counted(eq(payment.status, status))} as ${sql.identifier(status)}`),
        ],
        sql`, `,
      )}`,
    );
    return { counts, countMax: COUNT_MAX };
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
