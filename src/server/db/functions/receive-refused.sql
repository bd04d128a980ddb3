-- A message that is not believed, kept with its event and the jobs that it asks for, in one round trip: whoever sends us nonsense
-- must not cost us more than those who pay. It decides nothing; src/server/services/notification/receive-refused.ts says what to write.
-- Jobs of a tenant are shared by all its transactions: they come last, and sorted, so that nobody waits in a circle.
create or replace function app.receive_refused(p_tenant text, p_message json, p_jobs json, p_now timestamptz) returns void
language plpgsql security invoker as $$
begin
  -- The tenant comes first, so that the walls of all later statements see it. The setting ends with the call.
  perform set_config('app.tenant_id', p_tenant, true);

  insert into app.notification (tenant_id, id, channel_id, provider, kind, message_id, state, received_at, source_ip, headers, body_sealed,
    body_bytes, signed_text_sealed, key_id, failed_step, cause, steps, out_trade_no)
  select p_tenant, m.id, m.channel, m.provider, 'unread', 'refused:' || m.id, 'refused', p_now, m.source_ip, m.headers, decode(m.body, 'base64'),
         m.body_bytes, decode(m.signed_text, 'base64'), m.key_id, m.failed_step, m.cause, m.steps, m.out_trade_no
    from json_to_record(p_message) as m (
      id text, channel text, provider text, source_ip text, headers jsonb, body text, body_bytes integer, signed_text text, key_id text,
      failed_step text, cause text, steps jsonb, out_trade_no text);

  insert into app.event (tenant_id, id, type, subject, actor_kind, actor_id, at, details, ip, request_id)
  select p_tenant, m.event, 'notification.refuse', m.id, 'provider', m.channel, p_now,
         jsonb_build_object('step', m.failed_step, 'cause', m.cause), m.source_ip, m.request
    from json_to_record(p_message) as m (id text, event text, channel text, failed_step text, cause text, source_ip text, request text);

  insert into app.outbox (id, tenant_id, job, subject, due_at, attempts, version, created_at)
  select j.id, p_tenant, j.job, j.subject, j.due_at, 0, 1, p_now
    from json_to_recordset(p_jobs) as j (id text, job text, subject text, due_at timestamptz) order by j.job, j.subject
  on conflict on constraint outbox_once do update set due_at = least(app.outbox.due_at, excluded.due_at), version = app.outbox.version + 1;
end $$;
