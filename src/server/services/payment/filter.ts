import { and, eq, exists, gte, inArray, isNotNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { type ListPaymentsInput, OrderNoSchema } from "~/domain/payment-input";
import { type Environment, METHODS, type Method, methodsOf } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor } from "~/server/db/cursor";
import { beginsWith } from "~/server/db/like";
import { channel, exceptionCase, payment, paymentTransaction } from "~/server/db/schema";

/** What narrows a list of payments, so that pages, counts, sums and exports mean the same. */

/** The conditions of a filter. Each can be read from an index; PostgreSQL begins with the one that leaves least. */
export async function filterOf(tx: Tx, ctx: Ctx, input: ListPaymentsInput): Promise<(SQL | undefined)[]> {
  return [...(await ownConditions(tx, ctx, input)), await attemptBy(tx, ctx, input)];
}

/** The conditions of one page behind its cursor. */
export async function pageOf(tx: Tx, ctx: Ctx, input: ListPaymentsInput): Promise<(SQL | undefined)[]> {
  if (isByAttemptAlone(input)) return [eq(payment.tenantId, ctx.tenantId), inNextByAttempt(ctx, input)];
  return [...(await filterOf(tx, ctx, input)), afterCursor(input)];
}

async function ownConditions(tx: Tx, ctx: Ctx, input: ListPaymentsInput): Promise<(SQL | undefined)[]> {
  const { from, until } = daysOf(input);
  return [
    eq(payment.tenantId, ctx.tenantId),
    input.status === "unknown" ? inDoubt(tx, ctx) : input.status ? eq(payment.status, input.status) : undefined,
    from ? gte(payment.createdAt, from) : undefined,
    until ? lt(payment.createdAt, until) : undefined,
    input.minFen ? gte(payment.amountFen, input.minFen) : undefined,
    input.maxFen ? lte(payment.amountFen, input.maxFen) : undefined,
    input.q ? await matching(tx, ctx, input.q) : undefined,
  ];
}

const daysOf = ({ from, to }: ListPaymentsInput) => ({
  from: from ? startOfBeijingDate(from as CivilDate) : undefined,
  until: to ? startOfBeijingDate(addDays(to as CivilDate, 1)) : undefined,
});

/** Where the page before ended: the value that the list is sorted by, and the payment's id. */
function afterCursor({ cursor, sort }: ListPaymentsInput): SQL | undefined {
  if (!cursor) return undefined;
  const { key, id } = placeOf(cursor, sort);
  return sort === "amount"
    ? sql`(${payment.amountFen}, ${payment.id}) < (${key}::bigint, ${id})`
    : sql`(${payment.createdAt}, ${payment.id}) < (${key}::timestamptz, ${id})`;
}

function placeOf(cursor: string, sort: ListPaymentsInput["sort"]): { key: string; id: string } {
  const [key = "", id = ""] = decodeCursor(cursor, 2);
  const reads = sort === "amount" ? /^\d{1,15}$/.test(key) : !Number.isNaN(Date.parse(key));
  if (!reads) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return { key, id };
}

/** A number, ours or a provider's, or the beginning of an order number or a title. */
async function matching(tx: Tx, ctx: Ctx, q: string): Promise<SQL | undefined> {
  const byAttempt = OrderNoSchema.safeParse(q).success ? await paymentsByNumber(tx, ctx, q) : [];
  return or(
    eq(payment.id, q as Id<"payment">),
    byAttempt.length > 0 ? inArray(payment.id, byAttempt) : undefined,
    beginsWith(payment.subject, q),
    beginsWith(payment.orderNo, q),
  );
}

/** Payments with an attempt of this number. Each branch reads a unique index: the provider's number is unique per channel. */
async function paymentsByNumber(tx: Tx, ctx: Ctx, q: string): Promise<Id<"payment">[]> {
  const attempts = (where: SQL) =>
    tx
      .select({ id: paymentTransaction.paymentId })
      .from(paymentTransaction)
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), where));
  const channels = tx.select({ id: channel.id }).from(channel).where(eq(channel.tenantId, ctx.tenantId));
  const found = await unionAll(
    attempts(eq(paymentTransaction.outTradeNo, q)),
    attempts(eq(paymentTransaction.id, q as Id<"transaction">)),
    attempts(sql`${inArray(paymentTransaction.channelId, channels)} and ${eq(paymentTransaction.providerTradeNo, q)}`),
  ).limit(20);
  return found.map((one) => one.id);
}

/** Money whose place is not certain: an open case, or an attempt without an answer. Few at any time, so they lead and payments follow. */
export function inDoubt(tx: Tx, ctx: Ctx): SQL {
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

const wantedMethods = ({ provider, method }: ListPaymentsInput): Method[] =>
  (provider ? methodsOf(provider) : [...METHODS]).filter((one) => !method || one === method);

const isByAttempt = ({ provider, method, environment }: ListPaymentsInput): boolean =>
  provider !== undefined || method !== undefined || environment !== undefined;

/** An attempt by the wanted method or provider, or through a channel of the wanted environment. */
async function attemptBy(tx: Tx, ctx: Ctx, input: ListPaymentsInput): Promise<SQL | undefined> {
  if (!isByAttempt(input)) return undefined;
  const methods = wantedMethods(input);
  const { from, until } = daysOf(input);
  // Said as values, so that PostgreSQL knows how many attempts went through them: it may be none of a million.
  const channels = input.environment ? await channelsIn(tx, ctx, input.environment) : null;
  if (methods.length === 0 || channels?.length === 0) return sql`false`;
  return exists(
    tx
      .select({ one: sql`1` })
      .from(paymentTransaction)
      .where(
        and(
          eq(paymentTransaction.tenantId, ctx.tenantId),
          eq(paymentTransaction.paymentId, payment.id),
          inArray(paymentTransaction.method, methods),
          channels ? inArray(paymentTransaction.channelId, channels) : undefined,
          // The payment's own time, which the payment is asked for as well: attempts outside the days need not be followed to theirs.
          from ? gte(paymentTransaction.paymentCreatedAt, from) : undefined,
          until ? lt(paymentTransaction.paymentCreatedAt, until) : undefined,
        ),
      ),
  );
}

async function channelsIn(tx: Tx, ctx: Ctx, environment: Environment): Promise<Id<"channel">[]> {
  const rows = await tx
    .select({ id: channel.id })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.environment, environment)));
  return rows.map(({ id }) => id);
}

const isByAttemptAlone = (input: ListPaymentsInput): boolean =>
  isByAttempt(input) && input.sort === "created" && !input.q && !input.status && !input.minFen && !input.maxFen;

/**
 * The next payments with such an attempt: of each channel and method that fit, as many as a page takes, read in the order of the
 * list from the index that holds them so. Rare or not, a page costs a page.
 */
function inNextByAttempt(ctx: Ctx, input: ListPaymentsInput): SQL {
  const methods = wantedMethods(input);
  if (methods.length === 0) return sql`false`;
  const { from, until } = daysOf(input);
  const place = input.cursor ? placeOf(input.cursor, input.sort) : null;
  const wanted = sql.join(
    methods.map((method) => sql`(${method})`),
    sql`, `,
  );
  return sql`${payment.id} in (
    select newest.payment_id from (
      select distinct next.payment_created_at, next.payment_id
        from ${channel} c
        cross join (values ${wanted}) m(method)
        cross join lateral (
          select distinct on (t.payment_created_at, t.payment_id) t.payment_created_at, t.payment_id
            from ${paymentTransaction} t
           where t.tenant_id = ${ctx.tenantId} and t.channel_id = c.id and t.method = m.method
             ${from ? sql`and t.payment_created_at >= ${from.toISOString()}::timestamptz` : sql``}
             ${until ? sql`and t.payment_created_at < ${until.toISOString()}::timestamptz` : sql``}
             ${place ? sql`and (t.payment_created_at, t.payment_id) < (${place.key}::timestamptz, ${place.id})` : sql``}
           order by t.payment_created_at desc, t.payment_id desc
           limit ${input.limit + 1}) next
       where c.tenant_id = ${ctx.tenantId} ${input.environment ? sql`and c.environment = ${input.environment}` : sql``}
         ${input.provider ? sql`and c.provider = ${input.provider}` : sql``}
       order by 1 desc, 2 desc
       limit ${input.limit + 1}) newest)`;
}
