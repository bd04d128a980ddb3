-- The commonest news in one round trip, several messages of one tenant at once: each the first success of an open attempt on a
-- pending payment. Everything that must hold is in the WHERE clauses. A message that does not fit leaves nothing behind, does not
-- disturb the others and is missing from the answer: the general path in src/server/services/notification decides about it. A repeat
-- is answered with the state of the first; `copies` of one message that came together are one here, and counted
-- (a process from before this was told does not say how many: one). What was settled stays in the lists of what is pending and open
-- until finish-payment takes it off, which it does at once: deleting here would cost each call more than all its bookings.
-- The order of locks is the general path's: payment, then transaction.
--
-- The plan is kept, perhaps from when the tables were empty or the tenant new, and must serve when they are full. So nothing is left
-- to choose: a row is sought in the order of its unique index, without which it would have to be sorted, and changed where it was
-- found. A row that somebody changes in this very moment is not found any more, and then the general path waits for them.
create or replace function app.receive_paid(p_tenant text, p_messages json, p_now timestamptz, out outcomes json)
language plpgsql security invoker as $$
declare
  v_told integer;
  v_settled integer;
  v_succeeded integer;
begin
  -- The tenant comes first, so that the walls of all later statements see it. The settings end with the call.
  perform set_config('app.tenant_id', p_tenant, true), set_config('plan_cache_mode', 'force_generic_plan', true),
          set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true);

  with message as materialized (
    select * from json_to_recordset(p_messages) as m (
      id text, channel text, provider text, message text, out_trade_no text, trade_no text, state text, fen bigint, receipt bigint,
      app text, seller text, buyer text, buyer_account text, paid_at timestamptz, body text, body_bytes integer, headers jsonb, steps jsonb,
      key_id text, source_ip text, succeed_event text, settle_event text, job text, request text, copies integer)
  ), fitting as materialized (
    select m.*, t.id as transaction_id, t.place as transaction_place, t.method, p.id as payment_id, p.place as payment_place
      from message m
     cross join lateral (
        select t.*, t.ctid as place from app.transaction t
         where t.tenant_id = p_tenant and t.out_trade_no >= m.out_trade_no order by t.out_trade_no limit 1) t
     cross join lateral (
        select p.*, p.ctid as place from app.payment p
         where p.tenant_id = p_tenant and p.id >= t.payment_id order by p.id limit 1) p
     where t.out_trade_no = m.out_trade_no and t.channel_id = m.channel and t.app_id = m.app and t.seller_id = m.seller
       and t.amount_fen = m.fen and t.status in ('created', 'awaiting', 'unknown')
       and p.id = t.payment_id and p.status = 'pending' and p.amount_fen = m.fen
  ), settled as (
    update app.payment p
       set status = 'paid', paid_transaction_id = f.transaction_id, paid_at = f.paid_at, updated_at = p_now, method = f.method,
           environment = (select c.environment from app.channel c where c.tenant_id = p_tenant and c.id = f.channel)
      from fitting f
     where p.ctid = f.payment_place and p.tenant_id = p_tenant and p.status = 'pending'
    returning f.*
  ), succeeded as (
    update app.transaction t
       set status = 'succeeded', provider_state = s.state, provider_trade_no = s.trade_no, received_fen = s.fen, receipt_fen = s.receipt,
           buyer_id_sealed = decode(s.buyer, 'base64'), buyer_account = s.buyer_account, paid_at = s.paid_at, notified_at = p_now,
           notification_id = s.id, next_query_at = null, updated_at = p_now
      from settled s
     where t.ctid = s.transaction_place and t.tenant_id = p_tenant and t.status in ('created', 'awaiting', 'unknown')
    returning t.id
  ), numbered as (
    insert into app.provider_trade (tenant_id, channel_id, trade_no, transaction_id)
    select p_tenant, s.channel, s.trade_no, s.transaction_id from settled s
  ), booked as (
    insert into app.entry (tenant_id, booking_id, account, amount_fen, payment_id, transaction_id, booked_at)
    select p_tenant, s.transaction_id || ':receipt', side.account, side.sign * s.fen, s.payment_id, s.transaction_id, p_now
      from settled s cross join (values ('clearing', 1), ('orders', -1)) side (account, sign)
  ), stored as (
    insert into app.notification (tenant_id, id, channel_id, provider, kind, message_id, state, received_at, source_ip, headers, body_sealed,
      body_bytes, key_id, steps, out_trade_no, provider_trade_no, provider_state, amount_fen, transaction_id, applied_at, apply_attempts,
      copies, last_copy_at)
    select p_tenant, s.id, s.channel, s.provider, 'trade', s.message, 'applied', p_now, s.source_ip, s.headers, decode(s.body, 'base64'),
           s.body_bytes, s.key_id, s.steps, s.out_trade_no, s.trade_no, s.state, s.fen, s.transaction_id, p_now, 1, coalesce(s.copies, 1),
           case when s.copies > 1 then p_now end
      from settled s
  ), told as (
    insert into app.event (tenant_id, id, type, subject, actor_kind, actor_id, at, details, ip, request_id)
    select p_tenant, e.id, e.type, e.subject, 'provider', s.channel, p_now,
           e.about || jsonb_build_object('notificationId', s.id, 'amountFen', s.fen::text, 'source', 'notification'), s.source_ip, s.request
      from settled s cross join lateral (values
        (s.succeed_event, 'transaction.succeed', s.transaction_id, jsonb_build_object('paymentId', s.payment_id)),
        (s.settle_event, 'payment.settle', s.payment_id, jsonb_build_object('transactionId', s.transaction_id))
      ) e (id, type, subject, about)
  ), asked as (
    insert into app.outbox (id, tenant_id, job, subject, due_at, attempts, version, created_at)
    select s.job, p_tenant, 'finish-payment', s.payment_id, p_now, 0, 1, p_now from settled s
    on conflict on constraint outbox_once do update set due_at = least(app.outbox.due_at, excluded.due_at), version = app.outbox.version + 1
  )
  select coalesce(json_agg(json_build_object('id', s.id, 'outcome', 'settled', 'payment_id', s.payment_id)), '[]'), count(*),
         (select count(*) from succeeded), (select count(*) from message)
    into outcomes, v_settled, v_succeeded, v_told from settled s;
  if v_settled <> v_succeeded then
    raise exception 'an attempt moved meanwhile' using errcode = '40001';
  end if;
  -- Most calls end here. What each statement costs before its first row is half of a small call, so this one does not carry the rest.
  if v_settled = v_told then
    return;
  end if;

  with unsettled as materialized (
    select m.id, m.channel, m.message, m.copies from json_to_recordset(p_messages) as m (id text, channel text, message text, copies integer)
     where not exists (select from json_to_recordset(outcomes) as s (id text) where s.id = m.id)
  ), earlier as materialized (
    select u.id, u.copies, n.place
      from unsettled u
     cross join lateral (
        select n.message_id, n.ctid as place from app.notification n
         where n.tenant_id = p_tenant and n.channel_id = u.channel and n.message_id >= u.message order by n.message_id limit 1) n
     where n.message_id = u.message
  ), repeated as (
    update app.notification n
       set copies = n.copies + coalesce(e.copies, 1), last_copy_at = p_now
      from earlier e
     where n.ctid = e.place and n.tenant_id = p_tenant
    returning e.id, n.state
  ), answered as (
    select s.id, s.outcome, s.payment_id from json_to_recordset(outcomes) as s (id text, outcome text, payment_id text)
     union all select r.id, r.state, null from repeated r
  )
  select coalesce(json_agg(a), '[]') into outcomes from answered a;
end $$;
