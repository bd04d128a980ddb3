import { type SQL, sql } from "drizzle-orm";
import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import {
  caseNote,
  channel,
  entry,
  event,
  eventSeal,
  exceptionCase,
  linkAddress,
  membership,
  notification,
  openTransaction,
  outbox,
  payment,
  paymentTransaction,
  pendingPayment,
  providerTrade,
} from "~/server/db/schema";
import { rollUpRows } from "~/server/services/dashboard";
import { FACETOFACE_CHECKS } from "./facetoface-checks";
import { hasRow } from "./has-row";
import { RECONCILIATION_CHECKS } from "./reconciliation-checks";

/**
 * What must hold whatever happens, as SQL (IDEM-10). Each check selects the rows it looked at as `id` and whether they are `bad`;
 * a row that is bad is a bug, or a hand in the database. Row-level security limits each to one tenant, and so does its WHERE.
 */
export type Check = { name: string; rows: (tenantId: string) => SQL };

const openStatuses = sql.raw(OPEN_TRANSACTION_STATUSES.map((status) => `'${status}'`).join(", "));
const isOpen = sql`t.status in (${openStatuses})`;

/** Events behind the newest link of the chain. */
export const unsealedEvents = (tenantId: string) => sql`
  select 1 from ${event} e where e.tenant_id = ${tenantId} and not exists (
    select 1 from (select s.txid, s.no from ${eventSeal} s where s.tenant_id = ${tenantId} order by s.seq desc limit 1) newest
     where (newest.txid, newest.no) >= (e.txid, e.no))`;

export const CHECKS: readonly Check[] = [
  {
    name: "every booking sums to zero",
    rows: (tenantId) => sql`
      select booking_id as id, sum(amount_fen) <> 0 as bad from ${entry} where tenant_id = ${tenantId} group by booking_id`,
  },
  {
    name: "a paid payment has its one attempt, and the books say its amount",
    rows: (tenantId) => sql`
      select p.id, t.id is null or t.status <> 'succeeded' or t.received_fen is distinct from p.amount_fen
             or coalesce(e.amount_fen, 0) <> -p.amount_fen as bad
        from ${payment} p
        left join ${paymentTransaction} t on t.tenant_id = p.tenant_id and t.id = p.paid_transaction_id and t.payment_id = p.id
        left join ${entry} e on e.tenant_id = p.tenant_id and e.booking_id = t.id || ':receipt' and e.account = 'orders'
       where p.tenant_id = ${tenantId} and p.status not in ('pending', 'closed')`,
  },
  {
    name: "what the books hold for orders belongs to paid payments",
    rows: (tenantId) => sql`
      select e.booking_id as id, p.paid_transaction_id is distinct from e.transaction_id as bad
        from ${entry} e join ${payment} p on p.tenant_id = e.tenant_id and p.id = e.payment_id
       where e.tenant_id = ${tenantId} and e.account = 'orders' and e.booking_id = e.transaction_id || ':receipt'`,
  },
  {
    name: "every attempt that succeeded is booked as received, and no other is",
    rows: (tenantId) => sql`
      select t.id, (t.status = 'succeeded') <> (e.amount_fen is not null) or (e.amount_fen is not null and e.amount_fen <> t.received_fen) as bad
        from ${paymentTransaction} t
        left join ${entry} e on e.tenant_id = t.tenant_id and e.booking_id = t.id || ':receipt' and e.account = 'clearing'
       where t.tenant_id = ${tenantId}`,
  },
  {
    name: "money that paid nothing is at risk and has a case",
    rows: (tenantId) => sql`
      select t.id,
             not exists (select 1 from ${exceptionCase} c where c.tenant_id = t.tenant_id and c.transaction_id = t.id
                           and c.kind in ('paid_twice', 'paid_after_close', 'wrong_amount'))
             or not exists (select 1 from ${entry} e where e.tenant_id = t.tenant_id and e.transaction_id = t.id and e.account = 'at_risk') as bad
        from ${paymentTransaction} t join ${payment} p on p.tenant_id = t.tenant_id and p.id = t.payment_id
       where t.tenant_id = ${tenantId} and t.status = 'succeeded' and p.paid_transaction_id is distinct from t.id`,
  },
  {
    name: "an attempt stands in the list where its payment stands",
    rows: (tenantId) => sql`
      select t.id, t.payment_created_at <> p.created_at as bad
        from ${paymentTransaction} t join ${payment} p on p.tenant_id = t.tenant_id and p.id = t.payment_id
       where t.tenant_id = ${tenantId}`,
  },
  {
    name: "the list shows a payment by one of its attempts, the one that paid if one has, and says how many there are",
    rows: (tenantId) => sql`
      select p.id,
             p.attempts <> coalesce(own.made, 0) or (p.method is null) <> (p.attempts = 0) or (p.method is not null and own.fits is not true) as bad
        from ${payment} p
        left join lateral (
          select count(*) as made,
                 bool_or(t.method = p.method and c.environment = p.environment and t.id = coalesce(p.paid_transaction_id, t.id)) as fits
            from ${paymentTransaction} t join ${channel} c on c.tenant_id = t.tenant_id and c.id = t.channel_id
           where t.tenant_id = p.tenant_id and t.payment_id = p.id) own on true
       where p.tenant_id = ${tenantId}`,
  },
  {
    name: "every pending payment is listed, and who ended is about to leave the list",
    rows: (tenantId) => sql`
      select coalesce(p.id, l.payment_id) as id,
             p.id is null or (p.status = 'pending' and l.payment_id is null) or l.amount_fen <> p.amount_fen
             or (p.status <> 'pending' and l.payment_id is not null and not ${hasRow(tenantId, ["finish-payment"], sql`p.id`)}) as bad
        from (select * from ${payment} where tenant_id = ${tenantId}) p
        full join (select * from ${pendingPayment} where tenant_id = ${tenantId}) l on l.payment_id = p.id and l.created_at = p.created_at`,
  },
  {
    name: "every open attempt is listed, with its doubt, and who ended is about to leave the list",
    rows: (tenantId) => sql`
      select coalesce(t.id, l.transaction_id) as id,
             t.id is null or l.payment_id <> t.payment_id
             or (${isOpen} and (l.transaction_id is null or l.in_doubt <> (t.status = 'unknown')))
             or (not ${isOpen} and l.transaction_id is not null and not ${hasRow(tenantId, ["finish-payment"], sql`t.payment_id`)}) as bad
        from (select * from ${paymentTransaction} where tenant_id = ${tenantId}) t
        full join (select * from ${openTransaction} where tenant_id = ${tenantId}) l on l.transaction_id = t.id`,
  },
  {
    name: "a provider's number belongs to the attempt that names it",
    rows: (tenantId) => sql`
      select coalesce(t.id, n.transaction_id) as id, t.id is null or n.transaction_id is null as bad
        from (select * from ${paymentTransaction} where tenant_id = ${tenantId} and provider_trade_no is not null) t
        full join (select * from ${providerTrade} where tenant_id = ${tenantId}) n
          on n.transaction_id = t.id and n.channel_id = t.channel_id and n.trade_no = t.provider_trade_no`,
  },
  {
    name: "refunds never exceed what was paid",
    rows: (tenantId) => sql`
      select p.id, p.refunded_fen > case when p.paid_transaction_id is null then 0 else p.amount_fen end as bad
        from ${payment} p where p.tenant_id = ${tenantId}`,
  },
  {
    name: "every pending payment will be looked at again",
    rows: (tenantId) => sql`
      select p.id, not ${hasRow(tenantId, ["expire-payment", "cancel-payment"], sql`p.id`)} as bad
        from ${payment} p where p.tenant_id = ${tenantId} and p.status = 'pending'`,
  },
  {
    name: "every open attempt will be asked about again",
    rows: (tenantId) => sql`
      select t.id, not ${hasRow(tenantId, ["query-transaction", "close-transaction"], sql`t.id`)} as bad
        from ${paymentTransaction} t where t.tenant_id = ${tenantId} and ${isOpen}`,
  },
  {
    name: "every stored message that waits will be applied",
    rows: (tenantId) => sql`
      select n.id, not ${hasRow(tenantId, ["apply-notification"], sql`n.id`)} as bad
        from ${notification} n where n.tenant_id = ${tenantId} and n.state = 'waiting'`,
  },
  {
    name: "an unsealed event has its sealer",
    rows: (tenantId) => sql`
      select ${tenantId}::text as id,
             not exists (select 1 from ${outbox} o where o.tenant_id = ${tenantId} and o.job in ('seal-events', 'finish-payment')) as bad
       where exists (${unsealedEvents(tenantId)})`,
  },
  {
    name: "every settled payment says so once in the event log",
    rows: (tenantId) => sql`
      select p.id, (select count(*) from ${event} e where e.tenant_id = p.tenant_id and e.subject = p.id and e.type = 'payment.settle')
                   <> case when p.paid_transaction_id is null then 0 else 1 end as bad
        from ${payment} p where p.tenant_id = ${tenantId}`,
  },
  {
    name: "every attempt that succeeded says so once in the event log",
    rows: (tenantId) => sql`
      select t.id, (select count(*) from ${event} e where e.tenant_id = t.tenant_id and e.subject = t.id
                      and e.type in ('transaction.succeed', 'transaction.succeed_late')) <> case when t.status = 'succeeded' then 1 else 0 end as bad
        from ${paymentTransaction} t where t.tenant_id = ${tenantId}`,
  },
  {
    name: "an applied message points at an attempt of its tenant and channel",
    rows: (tenantId) => sql`
      select n.id, t.id is null or t.channel_id <> n.channel_id as bad
        from ${notification} n left join ${paymentTransaction} t on t.tenant_id = n.tenant_id and t.id = n.transaction_id
       where n.tenant_id = ${tenantId} and n.transaction_id is not null`,
  },
  {
    name: "the message that settled an attempt is kept",
    rows: (tenantId) => sql`
      select t.id, n.id is null as bad
        from ${paymentTransaction} t left join ${notification} n on n.tenant_id = t.tenant_id and n.id = t.notification_id
       where t.tenant_id = ${tenantId} and t.notification_id is not null`,
  },
  {
    name: "every case points at rows of its tenant and at one of its members",
    rows: (tenantId) => sql`
      select c.id,
             not exists (select 1 from ${channel} x where x.tenant_id = c.tenant_id and x.id = c.channel_id)
             or (c.payment_id is not null and not exists (select 1 from ${payment} p where p.tenant_id = c.tenant_id and p.id = c.payment_id))
             or (c.transaction_id is not null and not exists (
                   select 1 from ${paymentTransaction} t where t.tenant_id = c.tenant_id and t.id = c.transaction_id
                      and (c.payment_id is null or t.payment_id = c.payment_id)))
             or (c.owner_id is not null and not exists (select 1 from ${membership} m where m.tenant_id = c.tenant_id and m.user_id = c.owner_id)) as bad
        from ${exceptionCase} c where c.tenant_id = ${tenantId}`,
  },
  {
    name: "every note belongs to a case",
    rows: (tenantId) => sql`
      select n.id, c.id is null as bad
        from ${caseNote} n left join ${exceptionCase} c on c.tenant_id = n.tenant_id and c.id = n.case_id
       where n.tenant_id = ${tenantId}`,
  },
  {
    name: "every checkout link leads to a payment",
    rows: (tenantId) => sql`
      select l.subject as id, p.id is null as bad
        from ${linkAddress} l left join ${payment} p on p.tenant_id = l.tenant_id and p.id = l.subject
       where l.tenant_id = ${tenantId} and l.kind = 'checkout'`,
  },
  ...FACETOFACE_CHECKS,
  ...RECONCILIATION_CHECKS,
  { name: "the hours of the workbench equal a recount of the books", rows: rollUpRows },
  {
    name: "at most one default channel per provider and environment, and never a deleted one",
    rows: (tenantId) => sql`
      select c.id, c.deleted_at is not null or count(*) over (partition by c.provider, c.environment) > 1 as bad
        from ${channel} c where c.tenant_id = ${tenantId} and c.is_default and c.deleted_at is null`,
  },
];
