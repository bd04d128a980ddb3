import { and, eq, inArray, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { PaymentStatus } from "~/domain/payment";
import { type ListPaymentsInput, OrderNoSchema } from "~/domain/payment-input";
import { ENVIRONMENTS, METHODS, type Method, methodsOf } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { asInstant } from "~/server/db/ask";
import { decodeCursor } from "~/server/db/cursor";
import { beginsWith } from "~/server/db/like";
import {
  channel,
  exceptionCase,
  isEnded,
  isRefunded,
  isTried,
  openTransaction,
  payment,
  paymentTransaction,
  pendingPayment,
  providerTrade,
} from "~/server/db/schema";

/** What narrows a list of payments, so that pages, counts, sums and exports mean the same. All of it is written for `ctx.ask`. */

/** The conditions of a filter, on whichever page. */
export const filterOf = (ctx: Ctx, input: ListPaymentsInput): SQL | undefined => conditionsOf(ctx, { ...input, cursor: undefined });

/** Each can be read from an index; PostgreSQL begins with the one that leaves least. */
function conditionsOf(ctx: Ctx, input: ListPaymentsInput): SQL | undefined {
  const { from, until } = daysOf(input);
  return and(
    eq(payment.tenantId, ctx.tenantId),
    input.status && inStatus(ctx, input.status, input),
    from && sql`${payment.createdAt} >= ${asInstant(from)}`,
    until && sql`${payment.createdAt} < ${asInstant(until)}`,
    input.minFen && sql`${payment.amountFen} >= ${input.minFen}::bigint`,
    input.maxFen && sql`${payment.amountFen} <= ${input.maxFen}::bigint`,
    input.q ? matching(ctx, input.q) : undefined,
    byMethod(input),
  );
}

/** The conditions of one page behind its cursor. */
export function pageOf(ctx: Ctx, input: ListPaymentsInput): SQL | undefined {
  const next = isByMethodAlone(input) ? inNextByMethod(ctx, input) : isInDoubtAlone(input) ? inNextInDoubt(ctx, input) : null;
  return next ? and(eq(payment.tenantId, ctx.tenantId), next) : and(conditionsOf(ctx, input), afterCursor(input));
}

/** A payment's state as the list names it; what else is asked for may help to find it. */
export function inStatus(ctx: Ctx, status: PaymentStatus | "unknown", input: ListPaymentsInput): SQL {
  if (status === "unknown") return isInDoubt(ctx);
  if (status === "pending") return isPending(ctx, input);
  // One and the same, and the index says it: asking for the status as well would have every row looked up.
  if (status === "closed") return isEnded(payment.closedAt);
  const partly = INDEXED_BY[status];
  return partly ? sql`${eq(payment.status, status)} and ${partly}` : eq(payment.status, status);
}

/** What else holds for payments of a status, as the index that serves it says it. The paid are most, and need none. */
const INDEXED_BY: Partial<Record<PaymentStatus, SQL>> = {
  partially_refunded: isRefunded(payment.refundedFen),
  refunded: isRefunded(payment.refundedFen),
};

/** Told by time as well as by id, so that the walk through them is a walk through the list, and begins at the page. */
const isPending = (
  { tenantId }: Ctx,
  input: ListPaymentsInput,
): SQL => sql`${eq(payment.status, "pending")} and (${payment.createdAt}, ${payment.id}) in (
  select l.created_at, l.payment_id from ${pendingPayment} l
   where l.tenant_id = ${tenantId} ${inPage(input, sql`l.created_at`, sql`l.payment_id`)}
     ${input.minFen ? sql`and l.amount_fen >= ${input.minFen}::bigint` : sql``}
     ${input.maxFen ? sql`and l.amount_fen <= ${input.maxFen}::bigint` : sql``})`;

/** Money whose place is not certain: an open case, or an attempt without an answer. Few at any time, so they lead and payments follow. */
function isInDoubt({ tenantId }: Ctx): SQL {
  return sql`${payment.id} = any(array(
    select c.payment_id from ${exceptionCase} c where c.tenant_id = ${tenantId} and c.status = 'open' and c.payment_id is not null
    union all
    select t.payment_id from ${openTransaction} o join ${paymentTransaction} t on t.tenant_id = o.tenant_id and t.id = o.transaction_id
     where o.tenant_id = ${tenantId} and o.in_doubt and t.status = 'unknown'))`;
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
    : sql`(${payment.createdAt}, ${payment.id}) < (${asInstant(key)}, ${id})`;
}

function placeOf(cursor: string, sort: ListPaymentsInput["sort"]): { key: string; id: string } {
  const [key = "", id = ""] = decodeCursor(cursor, 2);
  const reads = sort === "amount" ? /^\d{1,15}$/.test(key) : !Number.isNaN(Date.parse(key));
  if (!reads) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return { key, id };
}

/** The beginning of a title or an order number, or a number, ours or a provider's. What no number looks like is sought in titles alone. */
function matching(ctx: Ctx, q: string): SQL | undefined {
  const titled = beginsWith(payment.subject, q);
  if (!OrderNoSchema.safeParse(q).success) return titled;
  return or(titled, beginsWith(payment.orderNo, q), eq(payment.id, q as Id<"payment">), hasAttemptNumbered(ctx, q));
}

/** Has an attempt of this number. Each branch reads a unique index: the provider's number is unique per channel. */
const hasAttemptNumbered = ({ tenantId }: Ctx, q: string): SQL => sql`${payment.id} = any(array(
  select t.payment_id from ${paymentTransaction} t where t.tenant_id = ${tenantId} and t.out_trade_no = ${q}
  union all
  select t.payment_id from ${paymentTransaction} t where t.tenant_id = ${tenantId} and t.id = ${q}
  union all
  select t.payment_id from ${providerTrade} n join ${paymentTransaction} t on t.tenant_id = n.tenant_id and t.id = n.transaction_id
   where n.tenant_id = ${tenantId} and n.trade_no = ${q}
     and n.channel_id in (select c.id from ${channel} c where c.tenant_id = ${tenantId})
  limit 20))`;

const wantedMethods = ({ provider, method }: ListPaymentsInput): Method[] =>
  (provider ? methodsOf(provider) : [...METHODS]).filter((one) => !method || one === method);

const isByMethod = ({ provider, method, environment }: ListPaymentsInput): boolean =>
  provider !== undefined || method !== undefined || environment !== undefined;

/** What the payment shows of its attempts: the one that paid, else the latest. */
function byMethod(input: ListPaymentsInput): SQL | undefined {
  if (!isByMethod(input)) return undefined;
  const methods = wantedMethods(input);
  if (methods.length === 0) return sql`false`;
  return and(
    // Follows from the others, and says that the index serves.
    isTried(payment.method),
    methods.length < METHODS.length ? inArray(payment.method, methods) : undefined,
    input.environment && eq(payment.environment, input.environment),
  );
}

const isByMethodAlone = (input: ListPaymentsInput): boolean =>
  isByMethod(input) &&
  wantedMethods(input).length > 0 &&
  input.sort === "created" &&
  !input.q &&
  !input.status &&
  !input.minFen &&
  !input.maxFen;

/**
 * The next payments by such a method: of each environment and method that fit, as many as a page takes, read in the order of the
 * list from the index that holds them so. Rare or not, a page costs a page.
 */
function inNextByMethod({ tenantId }: Ctx, input: ListPaymentsInput): SQL {
  const p = alias(payment, "p");
  return sql`${payment.id} = any(array(
    select newest.id from (
      select next.created_at, next.id
        from (values ${rowsOf(input.environment ? [input.environment] : ENVIRONMENTS)}) e(environment)
        cross join (values ${rowsOf(wantedMethods(input))}) m(method)
        cross join lateral (
          select ${p.createdAt}, ${p.id} from ${payment} p
           where ${p.tenantId} = ${tenantId} and ${p.environment} = e.environment and ${p.method} = m.method and ${isTried(p.method)}
             ${inPage(input, p.createdAt, p.id)}
           order by ${p.createdAt} desc, ${p.id} desc
           limit ${input.limit + 1}::int) next
       order by 1 desc, 2 desc
       limit ${input.limit + 1}::int) newest))`;
}

const rowsOf = (texts: readonly string[]): SQL =>
  sql.join(
    texts.map((text) => sql`(${text})`),
    sql`, `,
  );

const isInDoubtAlone = (input: ListPaymentsInput): boolean =>
  input.status === "unknown" && input.sort === "created" && !input.q && !input.minFen && !input.maxFen && !isByMethod(input);

/** The next payments in doubt, known by their time from what makes them doubtful: so a page looks at no more payments than it takes. */
const inNextInDoubt = ({ tenantId }: Ctx, input: ListPaymentsInput): SQL => sql`${payment.id} = any(array(
  select t.payment_id from (
    select c.payment_created_at, c.payment_id
      from ${exceptionCase} c where c.tenant_id = ${tenantId} and c.status = 'open' and c.payment_id is not null
    union
    select a.payment_created_at, a.payment_id
      from ${openTransaction} o join ${paymentTransaction} a on a.tenant_id = o.tenant_id and a.id = o.transaction_id
     where o.tenant_id = ${tenantId} and o.in_doubt and a.status = 'unknown') t
   where true ${inPage(input, sql`t.payment_created_at`, sql`t.payment_id`)}
   order by t.payment_created_at desc, t.payment_id desc
   limit ${input.limit + 1}::int))`;

/** The days and the place of a page, for rows that name a payment and its time. */
function inPage(input: ListPaymentsInput, createdAt: SQLWrapper, id: SQLWrapper): SQL {
  const { from, until } = daysOf(input);
  const place = input.cursor && input.sort === "created" ? placeOf(input.cursor, input.sort) : null;
  return sql`${from ? sql`and ${createdAt} >= ${asInstant(from)}` : sql``}
    ${until ? sql`and ${createdAt} < ${asInstant(until)}` : sql``}
    ${place ? sql`and (${createdAt}, ${id}) < (${asInstant(place.key)}, ${place.id})` : sql``}`;
}
