-- One question of a service, read only and behind the tenant's wall, in one round trip: the rows of p_statement as JSON. The text is
-- always ours (src/server/db/ask.ts); what people said travels in p_values alone, which the text calls $1[1], $1[2] and so on.
-- Each call is planned with its values: what fits one tenant's filter may be far from what fits another's.
create or replace function app.ask(p_tenant text, p_statement text, p_values text[]) returns json
language plpgsql security invoker as $$
declare
  v_rows json;
begin
  if coalesce(p_tenant, '') = '' then
    raise exception 'no tenant' using errcode = 'invalid_parameter_value';
  end if;
  -- Both end with the call, which is a transaction of its own.
  perform set_config('app.tenant_id', p_tenant, true), set_config('transaction_read_only', 'on', true);

  execute 'select coalesce(json_agg(r), ''[]'') from (' || p_statement || ') r' into v_rows using p_values;
  return v_rows;
end $$;
