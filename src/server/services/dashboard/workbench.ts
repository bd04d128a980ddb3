import { sql } from "drizzle-orm";
import { type GetWorkbenchInput, RANGE_DAYS } from "~/domain/dashboard";
import type { Method } from "~/domain/provider";
import { type Fen, fen, ZERO_FEN } from "~/lib/money";
import { addDays, after, beijingDate, beijingText, type CivilDate, days, hours, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { sumCases } from "~/server/services/exception";
import { type Bucket, type Counted, countWindow, rolledHours } from "./hours";
import { listTodos } from "./todo";

/** More pending payments than anybody lets stand: above it the sum is a lower bound. */
const PENDING_MAX = 10_000;

/** `at` is the end of an hour of the running day, or the beginning of a day. Null is a gap: not yet, or before the first payment. */
export type TrendPoint = { at: Date; ours: Fen | null; compare: Fen | null };

/**
 * Everything that the workbench shows, as of `asOf`. `before` is the same stretch of the days before (yesterday until the same
 * minute); null where there was nothing to compare with yet. Reads roll-ups, sums of open things and at most an hour of rows.
 */
export async function getWorkbench(ctx: Ctx, { range }: GetWorkbenchInput) {
  const asOf = ctx.now();
  const span = spanOf(asOf, RANGE_DAYS[range]);
  const risk = await sumCases(ctx);
  const inside = await ctx.read(async (tx) => {
    const rolled = await rolledHours(tx, ctx);
    const newest = rolled?.newest ?? null;
    const by = range === "1d" ? ("hour" as const) : ("day" as const);
    // What happens in this very millisecond is part of it.
    const current = await countWindow(tx, ctx, { from: span.from, until: after(asOf, 1), newest, by });
    const previous = await countWindow(tx, ctx, { from: span.previousFrom, until: span.from, newest, by });
    const sameTime = await countWindow(tx, ctx, { from: span.previousFrom, until: span.previousUntil, newest, by: "all" });
    const known = rolled !== null && rolled.first < span.previousUntil;
    return {
      figures: { ...figuresOf(current, known ? sameTime : null), pending: await sumPending(tx, ctx) },
      trend: {
        unit: by,
        compares: known,
        points:
          by === "hour"
            ? cumulative(span, asOf, current, known ? previous : null, sumOf(sameTime).paidFen)
            : daily(span, current, rolled?.first ?? null, previous),
      },
      methods: methodsOf(current),
      todos: await listTodos(tx, ctx),
    };
  });
  return { range, asOf, days: { from: span.firstDay, to: span.lastDay }, risk, ...inside };
}
export type Workbench = Awaited<ReturnType<typeof getWorkbench>>;

type Span = ReturnType<typeof spanOf>;

/** The last `count` Beijing days until now, and as many before them until the same time of day. */
function spanOf(asOf: Date, count: number) {
  const lastDay = beijingDate(asOf);
  const firstDay = addDays(lastDay, 1 - count);
  const from = startOfBeijingDate(firstDay);
  return { count, firstDay, lastDay, from, previousFrom: after(from, -days(count)), previousUntil: after(asOf, -days(count)) };
}

const NOTHING: Counted = { createdCount: 0, createdFen: ZERO_FEN, closedCount: 0, paidCount: 0, paidFen: ZERO_FEN };

const plus = (a: Counted, b: Counted): Counted => ({
  createdCount: a.createdCount + b.createdCount,
  createdFen: fen(a.createdFen + b.createdFen),
  closedCount: a.closedCount + b.closedCount,
  paidCount: a.paidCount + b.paidCount,
  paidFen: fen(a.paidFen + b.paidFen),
});

const sumOf = (buckets: readonly Bucket[]): Counted => buckets.filter(({ method }) => method === "any").reduce(plus, NOTHING);

function figuresOf(current: readonly Bucket[], before: readonly Bucket[] | null) {
  const now = sumOf(current);
  const then = before && sumOf(before);
  return {
    paid: { fen: now.paidFen, count: now.paidCount, before: then && { fen: then.paidFen, count: then.paidCount } },
    created: { fen: now.createdFen, count: now.createdCount, before: then && { fen: then.createdFen, count: then.createdCount } },
    success: { ...rateOf(now), before: then && rateOf(then) },
  };
}

/** Of the payments that ended, how many ended with money, in tenths of a percent; null when none ended. */
function rateOf({ paidCount, closedCount }: Counted): { paid: number; ended: number; permille: number | null } {
  const ended = paidCount + closedCount;
  return { paid: paidCount, ended, permille: ended === 0 ? null : Math.round((paidCount * 1000) / ended) };
}

/** Where today stood at the end of each hour, and now; yesterday through to midnight, with its value at this same time between. */
function cumulative(span: Span, asOf: Date, current: readonly Bucket[], previous: readonly Bucket[] | null, beforeNow: Fen): TrendPoint[] {
  const points: TrendPoint[] = [{ at: span.from, ours: ZERO_FEN, compare: previous && ZERO_FEN }];
  const ours = byBucket(current);
  const compare = byBucket(previous ?? []);
  let [sum, sumBefore] = [ZERO_FEN, ZERO_FEN];
  for (let hour = 0; hour < 24; hour += 1) {
    const begins = after(span.from, hours(hour));
    const ends = after(begins, hours(1));
    const running = asOf >= begins && asOf < ends;
    sum = fen(sum + (ours.get(hourKey(begins)) ?? 0n));
    if (running && asOf > begins) points.push({ at: asOf, ours: sum, compare: previous && beforeNow });
    sumBefore = fen(sumBefore + (compare.get(hourKey(after(begins, -days(1)))) ?? 0n));
    points.push({ at: ends, ours: ends <= asOf ? sum : null, compare: previous && sumBefore });
  }
  return points;
}

/** What came in on each day, beside the day as many days earlier. Days before the first payment are gaps. */
function daily(span: Span, current: readonly Bucket[], first: Date | null, previous: readonly Bucket[]): TrendPoint[] {
  const sums = byBucket([...previous, ...current]);
  // Nothing rolled yet: then everything was counted from the rows, and the first of them is the beginning.
  const begins = first ? beijingDate(first) : ([...sums.keys()].sort()[0] ?? null);
  const on = (day: CivilDate): Fen | null => (begins === null || day < begins ? null : (sums.get(day) ?? ZERO_FEN));
  return Array.from({ length: span.count }, (_, index) => {
    const day = addDays(span.firstDay, index);
    return { at: startOfBeijingDate(day), ours: on(day), compare: on(addDays(day, -span.count)) };
  });
}

const hourKey = (instant: Date): string => beijingText(instant).slice(0, 13);

const byBucket = (buckets: readonly Bucket[]): Map<string, Fen> =>
  new Map(buckets.filter(({ method }) => method === "any").map(({ bucket, paidFen }) => [bucket, paidFen]));

/** What came in by each method, and how many of its attempts there were. Largest sum first. */
function methodsOf(current: readonly Bucket[]) {
  const methods = new Map<Method, Counted>();
  for (const bucket of current) {
    if (bucket.method !== "any") methods.set(bucket.method, plus(methods.get(bucket.method) ?? NOTHING, bucket));
  }
  return [...methods]
    .map(([method, counted]) => ({ method, paidFen: counted.paidFen, paidCount: counted.paidCount, attempts: counted.createdCount }))
    .sort((a, b) => (a.paidFen === b.paidFen ? b.attempts - a.attempts : a.paidFen > b.paidFen ? -1 : 1));
}

/** What buyers may still pay: how many, how much, and when the first of them ends. */
async function sumPending(tx: Tx, ctx: Ctx) {
  const [row] = await tx.execute<{ count: number; total: string; next: string | null }>(sql`
    select count(*)::int as count, coalesce(sum(amount_fen), 0)::text as total, (extract(epoch from min(expires_at)) * 1000)::bigint::text as next
      from (select p.amount_fen, p.expires_at from app.pending_payment l join app.payment p on p.tenant_id = l.tenant_id and p.id = l.payment_id
             where l.tenant_id = ${ctx.tenantId} and p.status = 'pending' limit ${PENDING_MAX}) pending`);
  const count = row?.count ?? 0;
  return {
    fen: fen(BigInt(row?.total ?? "0")),
    count,
    nextExpiryAt: row?.next ? new Date(Number(row.next)) : null,
    /** There are more than were counted. */
    capped: count === PENDING_MAX,
  };
}
