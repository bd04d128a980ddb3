import { type SQL, sql } from "drizzle-orm";
import { type DifferenceKind, type DifferenceStatus, FEE_PER_FEN, LATE_WINDOW_MS, LISTED_MAX } from "~/domain/reconciliation";
import type { Id } from "~/lib/id";
import { type Fen, fen } from "~/lib/money";
import { addDays, after, type CivilDate, days, hours, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { difference, entry, exceptionCase, paymentTransaction, reconciliationDay, statementLine } from "~/server/db/schema";
import type { DifferenceFacts } from "~/server/db/schema/reconciliation";
import type { Compared } from "./compared";

export type Found = {
  kind: DifferenceKind;
  key: string;
  outTradeNo: string;
  tradeNo: string | null;
  refundNo: string | null;
  transactionId: Id<"transaction"> | null;
  paymentId: Id<"payment"> | null;
  ourFen: Fen | null;
  theirFen: Fen | null;
  ourFee: bigint | null;
  theirFee: bigint | null;
  facts: DifferenceFacts;
  existingId: Id<"difference"> | null;
  existingStatus: DifferenceStatus | null;
};

/** What was booked this long after it was paid is still looked for among a day's payments. By then no question is open any more. */
const BOOKED_WITHIN_MS = days(8);
/** The provider's clock may be ahead of ours. */
const CLOCKS_APART_MS = hours(1);

const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/**
 * `seen`: the statement's lines that concern this channel, each beside our attempt of that number; of several lines with one number, `nth`
 * 1 is the one that our books name. `ours`: what our books hold as paid on that day. Receipts of paid payments are found by when they
 * were booked, money without a place by its cases: no index holds when an attempt was paid, so that a callback writes none.
 */
function sides(ctx: Ctx, { dayId, day, channelId, provider, sellerId, tellsStrangers }: Compared): SQL {
  const [start, end] = [startOfBeijingDate(day), startOfBeijingDate(addDays(day, 1))];
  const learned = (at: SQL) =>
    sql`${at} >= ${instant(after(start, -CLOCKS_APART_MS))} and ${at} < ${instant(after(end, BOOKED_WITHIN_MS))}`;
  return sql`
    seen as materialized (
      select l.*, t.id as txn, t.payment_id, t.status, t.received_fen, t.amount_fen as asked_fen, t.paid_at, t.provider_trade_no,
             t.paid_at >= ${instant(start)} and t.paid_at < ${instant(end)} as same_day,
             row_number() over (partition by l.kind, l.out_trade_no, coalesce(l.refund_no, '')
                                order by (l.trade_no = t.provider_trade_no) desc nulls last, l.no) as nth
        from ${statementLine} l
        left join ${paymentTransaction} t on t.tenant_id = l.tenant_id and t.out_trade_no = l.out_trade_no
             and t.provider = ${provider} and t.seller_id = ${sellerId}
       where l.tenant_id = ${ctx.tenantId} and l.day_id = ${dayId}
         and case when t.id is null then ${tellsStrangers}::boolean else t.channel_id = ${channelId} end),
    ours as materialized (
      select t.* from (
        select e.transaction_id as id from ${entry} e
         where e.tenant_id = ${ctx.tenantId} and e.account = 'orders' and ${learned(sql`e.booked_at`)}
        union
        select c.transaction_id from ${exceptionCase} c
         where c.tenant_id = ${ctx.tenantId} and c.channel_id = ${channelId} and c.transaction_id is not null and ${learned(sql`c.opened_at`)}
      ) booked
      join ${paymentTransaction} t on t.tenant_id = ${ctx.tenantId} and t.id = booked.id
       where t.channel_id = ${channelId} and t.status = 'succeeded' and t.paid_at >= ${instant(start)} and t.paid_at < ${instant(end)})`;
}

export type Totals = {
  ourPayments: number;
  ourPaidFen: Fen;
  theirPayments: number;
  theirPaidFen: Fen;
  theirRefunds: number;
  theirRefundedFen: Fen;
  theirFee: bigint;
  otherDayPayments: number;
  otherDayFen: Fen;
};

/** Both sides' sums. Theirs are those of the lines that concern this channel. */
export async function sumSides(tx: Tx, ctx: Ctx, compared: Compared): Promise<Totals> {
  const paid = sql`kind = 'payment'`;
  const other = sql`kind = 'payment' and nth = 1 and status = 'succeeded' and not same_day`;
  const [row] = await tx.execute<Record<"our_count" | "count" | "refunds" | "other", number> & Record<SumColumn, string>>(sql`
    with ${sides(ctx, compared)}
    select (select count(*)::int from ours) as our_count, (select coalesce(sum(received_fen), 0)::text from ours) as our_sum,
           count(*) filter (where ${paid})::int as count, coalesce(sum(amount_fen) filter (where ${paid}), 0)::text as sum,
           count(*) filter (where kind = 'refund')::int as refunds, coalesce(sum(amount_fen) filter (where kind = 'refund'), 0)::text as refunded,
           coalesce(sum(fee), 0)::text as fee,
           count(*) filter (where ${other})::int as other, coalesce(sum(amount_fen) filter (where ${other}), 0)::text as other_sum
      from seen`);
  if (!row) throw new Error("a sum has a row");
  return {
    ourPayments: row.our_count,
    ourPaidFen: fen(BigInt(row.our_sum)),
    theirPayments: row.count,
    theirPaidFen: fen(BigInt(row.sum)),
    theirRefunds: row.refunds,
    theirRefundedFen: fen(BigInt(row.refunded)),
    theirFee: BigInt(row.fee),
    otherDayPayments: row.other,
    otherDayFen: fen(BigInt(row.other_sum)),
  };
}
type SumColumn = "our_sum" | "sum" | "refunded" | "fee" | "other_sum";

/**
 * What the two sides do not agree on, one row for each line or payment and kind: all that stand on the list already, and of the others
 * the largest, at most `LISTED_MAX`. `unlisted` counts the rest. A fee is judged only on an amount that both sides name.
 */
export async function findDifferences(tx: Tx, ctx: Ctx, compared: Compared): Promise<{ found: Found[]; unlisted: number }> {
  const [start, end] = [startOfBeijingDate(compared.day), startOfBeijingDate(addDays(compared.day, 1))];
  const hasDay = (other: CivilDate, comparedAt: SQL) => sql`exists (
    select 1 from ${reconciliationDay} r where r.tenant_id = ${ctx.tenantId} and r.channel_id = ${compared.channelId} and r.day = ${other} and r.compared_at ${comparedAt})`;
  // Close to a border, and the day beyond it is still to be compared: then it may turn up there. The day after this one may not have
  // begun yet; a day before it that has not begun never will.
  const mayBeLate = sql`(o.paid_at >= ${instant(after(end, -LATE_WINDOW_MS))} and not ${hasDay(addDays(compared.day, 1), sql`is not null`)}
                         or o.paid_at < ${instant(after(start, LATE_WINDOW_MS))} and ${hasDay(addDays(compared.day, -1), sql`is null`)})`;
  const rows = await tx.execute<FoundRow>(sql`
    with ${sides(ctx, compared)},
    differing as (
      select case when nth > 1 then 'duplicate'
                  when txn is null then 'missing_here'
                  when status <> 'succeeded' then 'status'
                  when provider_trade_no is distinct from trade_no then 'duplicate'
                  else 'amount' end as kind,
             'payment:' || out_trade_no || case when nth > 1 then ':' || trade_no || ':' || nth else '' end as key,
             out_trade_no, trade_no, null as refund_no, txn, payment_id,
             case when nth = 1 and status = 'succeeded' then received_fen end as our_fen, amount_fen as their_fen,
             null::bigint as our_fee, null::bigint as their_fee, status as our_state, state as their_state, paid_at as our_at, at as their_at
        from seen
       where kind = 'payment' and (nth > 1 or txn is null or status <> 'succeeded' or provider_trade_no is distinct from trade_no
                                   or received_fen <> amount_fen)
      union all
      select 'fee', 'fee:' || out_trade_no, out_trade_no, trade_no, null, txn, payment_id, received_fen, amount_fen,
             fee_by_rate, fee, status, state, paid_at, at
        from seen where kind = 'payment' and nth = 1 and received_fen = amount_fen and abs(fee - fee_by_rate) >= ${FEE_PER_FEN.toString()}::bigint
      union all
      select 'status', 'revoked:' || out_trade_no || ':' || no, out_trade_no, trade_no, null, txn, payment_id, received_fen, amount_fen,
             null, null, status, state, paid_at, at
        from seen where kind = 'revoked' and status = 'succeeded'
      union all
      select case when nth > 1 then 'duplicate' else 'missing_here' end, 'refund:' || coalesce(refund_no, out_trade_no) || ':' || nth,
             out_trade_no, trade_no, refund_no, txn, payment_id, null, amount_fen, null, null, null, state, null, at
        from seen where kind = 'refund'
      union all
      select case when ${mayBeLate} then 'late' else 'missing_there' end, 'ours:' || o.out_trade_no, o.out_trade_no, o.provider_trade_no, null,
             o.id, o.payment_id, o.received_fen, null, null, null, o.status, null, o.paid_at, null
        from ours o
       where not exists (select 1 from seen s where s.kind in ('payment', 'revoked') and s.txn = o.id)
         and not exists (select 1 from ${difference} d where d.tenant_id = ${ctx.tenantId} and d.transaction_id = o.id and d.found_on is not null)
    ), ranked as (
      select f.*, d.id as existing_id, d.status as existing_status,
             row_number() over (partition by d.id is null order by greatest(f.their_fen, f.our_fen) desc, f.key) as place,
             count(*) filter (where d.id is null) over () as new_count
        from differing f
        left join ${difference} d on d.tenant_id = ${ctx.tenantId} and d.day_id = ${compared.dayId} and d.kind = f.kind and d.key = f.key
    )
    select kind, key, out_trade_no, trade_no, refund_no, txn, payment_id, our_fen::text, their_fen::text, our_fee::text, their_fee::text,
           our_state, their_state, (extract(epoch from our_at) * 1000)::bigint::text as our_at, (extract(epoch from their_at) * 1000)::bigint::text as their_at,
           existing_id, existing_status, new_count::int
      from ranked where existing_id is not null or place <= ${LISTED_MAX}`);
  return { found: rows.map(foundOf), unlisted: Math.max(0, (rows[0]?.new_count ?? 0) - LISTED_MAX) };
}

type FoundRow = {
  kind: DifferenceKind;
  key: string;
  out_trade_no: string;
  trade_no: string | null;
  refund_no: string | null;
  txn: Id<"transaction"> | null;
  payment_id: Id<"payment"> | null;
  our_fen: string | null;
  their_fen: string | null;
  our_fee: string | null;
  their_fee: string | null;
  our_state: string | null;
  their_state: string | null;
  our_at: string | null;
  their_at: string | null;
  existing_id: Id<"difference"> | null;
  existing_status: DifferenceStatus | null;
  new_count: number;
};

function foundOf(row: FoundRow): Found {
  const amount = (text: string | null) => (text === null ? null : fen(BigInt(text)));
  const fee = (text: string | null) => (text === null ? null : BigInt(text));
  const time = (ms: string | null) => (ms === null ? null : new Date(Number(ms)).toISOString());
  return {
    kind: row.kind,
    key: row.key,
    outTradeNo: row.out_trade_no,
    tradeNo: row.trade_no,
    refundNo: row.refund_no,
    transactionId: row.txn,
    paymentId: row.payment_id,
    ourFen: amount(row.our_fen),
    theirFen: amount(row.their_fen),
    ourFee: fee(row.our_fee),
    theirFee: fee(row.their_fee),
    facts: { ourState: row.our_state, theirState: row.their_state, ourAt: time(row.our_at), theirAt: time(row.their_at) },
    existingId: row.existing_id,
    existingStatus: row.existing_status,
  };
}

export type OtherDay = {
  transactionId: Id<"transaction">;
  paymentId: Id<"payment">;
  outTradeNo: string;
  tradeNo: string;
  fen: Fen;
  paidAt: Date;
  at: Date;
};

/** Lines that our books hold on another day: what was paid around midnight. */
export async function findOtherDays(tx: Tx, ctx: Ctx, compared: Compared): Promise<OtherDay[]> {
  const rows = await tx.execute<{
    txn: Id<"transaction">;
    payment_id: Id<"payment">;
    out_trade_no: string;
    trade_no: string;
    fen: string;
    paid: string;
    at: string;
  }>(sql`
    with ${sides(ctx, compared)}
    select txn, payment_id, out_trade_no, trade_no, amount_fen::text as fen, (extract(epoch from paid_at) * 1000)::bigint::text as paid,
           (extract(epoch from at) * 1000)::bigint::text as at
      from seen where kind = 'payment' and nth = 1 and status = 'succeeded' and not same_day limit ${LISTED_MAX}`);
  return rows.map((row) => ({
    transactionId: row.txn,
    paymentId: row.payment_id,
    outTradeNo: row.out_trade_no,
    tradeNo: row.trade_no,
    fen: fen(BigInt(row.fen)),
    paidAt: new Date(Number(row.paid)),
    at: new Date(Number(row.at)),
  }));
}
