-- Sessions stand outside the wall, memberships behind it. These functions cross it with the caller's rights, one tenant at a time,
-- and give the caller's own setting back at the end: a SET clause would do it too, but only a superuser may write one for a setting of ours.

-- Who a session is, right now: nothing is cached, so disabling a person, changing a role or signing out counts from the next request.
create or replace function app.check_session(p_session text, p_now timestamptz, p_idle_ms integer, p_touch boolean)
returns table (
  user_id text, user_name text, email text, locale text, is_operator text, authenticated_at timestamptz,
  tenant_id text, tenant_slug text, tenant_name text, tenant_status text, role text, grant_id text, grant_expires_at timestamptz
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_before text := coalesce(current_setting('app.tenant_id', true), '');
  s record;
  t record;
  v_inside boolean := false;
  v_role text;
  v_grant_id text;
  v_grant_expires_at timestamptz;
begin
  select x.user_id, x.active_tenant_id, x.grant_id, x.authenticated_at, x.last_seen_at, u.name, u.email, u.locale, u.is_operator into s
    from app.session x join app."user" u on u.id = x.user_id
   where x.id = p_session
     and x.revoked_at is null
     and x.expires_at > p_now
     and x.last_seen_at > p_now - p_idle_ms * interval '1 millisecond'
     and x.user_version = u.session_version
     and u.disabled_at is null;
  if not found then
    return;
  end if;

  -- Once a minute is enough to know who is idle, and spares a write per request.
  if p_touch and s.last_seen_at < p_now - interval '1 minute' then
    update app.session x set last_seen_at = p_now where x.id = p_session;
  end if;

  if s.active_tenant_id is not null then
    perform set_config('app.tenant_id', s.active_tenant_id, true);
    if s.grant_id is not null then
      select g.id, g.expires_at into v_grant_id, v_grant_expires_at
        from app.operator_grant g
       where g.tenant_id = s.active_tenant_id and g.id = s.grant_id and g.user_id = s.user_id
         and g.ended_at is null and g.expires_at > p_now and s.is_operator = 'yes';
    else
      select m.role into v_role
        from app.membership m
       where m.tenant_id = s.active_tenant_id and m.user_id = s.user_id and m.disabled_at is null;
    end if;
    v_inside := v_role is not null or v_grant_id is not null;
    if v_inside then
      select x.id, x.slug, x.name, x.status into t from app.tenant x where x.id = s.active_tenant_id;
    end if;
  end if;

  if not v_inside then
    return query select s.user_id, s.name, s.email, s.locale, s.is_operator, s.authenticated_at,
      null::text, null::text, null::text, null::text, null::text, null::text, null::timestamptz;
  else
    return query select s.user_id, s.name, s.email, s.locale, s.is_operator, s.authenticated_at,
      t.id, t.slug, t.name, t.status, v_role, v_grant_id, v_grant_expires_at;
  end if;
  perform set_config('app.tenant_id', v_before, true);
end $$;

-- The tenants that a person may enter as a member. Dropped first: `create or replace` cannot change what a function returns.
drop function if exists app.memberships_of(text);
create function app.memberships_of(p_user text)
returns table (tenant_id text, slug text, name text, status text, role text, joined_at timestamptz)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_before text := coalesce(current_setting('app.tenant_id', true), '');
  a record;
begin
  for a in select x.tenant_id from app.member_address x where x.user_id = p_user loop
    perform set_config('app.tenant_id', a.tenant_id, true);
    return query
      select t.id, t.slug, t.name, t.status, m.role, m.created_at
        from app.membership m join app.tenant t on t.id = m.tenant_id
       where m.tenant_id = a.tenant_id and m.user_id = p_user and m.disabled_at is null;
  end loop;
  perform set_config('app.tenant_id', v_before, true);
end $$;
