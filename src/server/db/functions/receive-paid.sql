-- The commonest news in one round trip: the first success of an open attempt on a pending payment. Everything that must hold is
-- in the WHERE clauses; what does not fit leaves nothing behind and answers 'other', and the general path in
-- src/server/services/notification decides. The order of locks is the general path's: payment, then transaction.
-- Its first statement sets the tenant, so that the walls of all later ones see it; the setting ends with the call.
create or replace function app.receive_paid(
  p_tenant text, p_channel text, p_provider text, p_notification text, p_message text,
  p_out_trade_no text, p_trade_no text, p_state text, p_fen bigint, p_receipt bigint, p_app text, p_seller text,
  p_buyer_sealed bytea, p_buyer_account text, p_paid_at timestamptz,
  p_body_sealed bytea, p_body_bytes integer, p_headers jsonb, p_steps jsonb, p_key_id text, p_source_ip text,
  p_settle_event text, p_succeed_event text, p_job text, p_request text, p_now timestamptz,
  out outcome text, out payment_id text, out transaction_id text)
language plpgsql security invoker as $$
begin
  perform set_config('app.tenant_id', p_tenant, true);

  update app.payment p
     set status = 'paid', paid_transaction_id = t.id, paid_at = p_paid_at, updated_at = p_now
    from app.transaction t
   where t.tenant_id = p_tenant and t.out_trade_no = p_out_trade_no and t.channel_id = p_channel
     and t.app_id = p_app and t.seller_id = p_seller and t.amount_fen = p_fen
     and t.status in ('created', 'awaiting', 'unknown')
     and p.tenant_id = p_tenant and p.id = t.payment_id and p.status = 'pending' and p.amount_fen = p_fen
  returning p.id, t.id into payment_id, transaction_id;

  if payment_id is null then
    update app.notification n
       set copies = n.copies + 1, last_copy_at = p_now
     where n.tenant_id = p_tenant and n.channel_id = p_channel and n.message_id = p_message
    returning n.state, n.transaction_id into outcome, transaction_id;
    outcome := coalesce(outcome, 'other');
    return;
  end if;

  update app.transaction t
     set status = 'succeeded', provider_state = p_state, provider_trade_no = p_trade_no, received_fen = p_fen, receipt_fen = p_receipt,
         buyer_id_sealed = p_buyer_sealed, buyer_account = p_buyer_account, paid_at = p_paid_at, notified_at = p_now,
         notification_id = p_notification, next_query_at = null, updated_at = p_now
   where t.tenant_id = p_tenant and t.id = transaction_id and t.status in ('created', 'awaiting', 'unknown');
  if not found then
    raise exception 'attempt moved meanwhile' using errcode = '40001';
  end if;

  insert into app.entry (tenant_id, booking_id, account, amount_fen, payment_id, transaction_id, booked_at)
  values (p_tenant, transaction_id || ':receipt', 'clearing', p_fen, payment_id, transaction_id, p_now),
         (p_tenant, transaction_id || ':receipt', 'orders', -p_fen, payment_id, transaction_id, p_now);

  insert into app.notification (tenant_id, id, channel_id, provider, kind, message_id, state, received_at, source_ip, headers, body_sealed,
    body_bytes, key_id, steps, out_trade_no, provider_trade_no, provider_state, amount_fen, transaction_id, applied_at, apply_attempts)
  values (p_tenant, p_notification, p_channel, p_provider, 'trade', p_message, 'applied', p_now, p_source_ip, p_headers, p_body_sealed,
    p_body_bytes, p_key_id, p_steps, p_out_trade_no, p_trade_no, p_state, p_fen, transaction_id, p_now, 1);

  insert into app.event (tenant_id, id, type, subject, actor_kind, actor_id, at, details, ip, request_id)
  values (p_tenant, p_succeed_event, 'transaction.succeed', transaction_id, 'provider', p_channel, p_now,
          jsonb_build_object('paymentId', payment_id, 'notificationId', p_notification, 'amountFen', p_fen::text, 'source', 'notification'), p_source_ip, p_request),
         (p_tenant, p_settle_event, 'payment.settle', payment_id, 'provider', p_channel, p_now,
          jsonb_build_object('transactionId', transaction_id, 'notificationId', p_notification, 'source', 'notification', 'amountFen', p_fen::text), p_source_ip, p_request);

  insert into app.outbox (id, tenant_id, job, subject, due_at, attempts, version, created_at)
  values (p_job, p_tenant, 'finish-payment', payment_id, p_now, 0, 1, p_now)
  on conflict on constraint outbox_once do update set due_at = least(app.outbox.due_at, excluded.due_at), version = app.outbox.version + 1;

  outcome := 'settled';
end $$;
