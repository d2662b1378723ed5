-- 100: whose session a token is, and that person's membership in one clinic, in one round trip.
--
-- The API calls this before every call of a signed-in user, so its cost is on the booking path: as two reads of the
-- session tables and a transaction under the user's identity it was six round trips, and cost more than the booking.
-- Nothing is cached between requests instead, because the end of a session or the loss of a role has to act at once.
--
-- It is in the schema of the session tables, where only the API's role can call it. Beside it is the function that
-- removes accounts that were made and left, which only the tables' owner could find: it looks at every clinic's profiles.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(100, array['signed_in', 'remove_abandoned_accounts']);

-- prisma/sql/login/signed_in.sql
-- Returns whose session a token is, and that person's membership in one clinic; no row if there is no such session or
-- it has expired. clinic_id is null without a clinic or if it does not exist; role is null without a profile there, or
-- if it is deleted.
create or replace function login.signed_in(
  p_token text,
  p_tenant_id text default null,
  out user_id uuid, out name text, out email text, out email_verified boolean,
  out clinic_id text, out clinic_name text, out time_zone text, out currency text, out locale text,
  out role text, out full_name text
) returns setof record
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  return query
    select u.id, u.name, u.email, u.email_verified, t.id, t.name, t.timezone, t.currency, t.locale, p.role, p.full_name
    from (select s.user_id from login.session s where s.token = p_token and s.expires_at > now() limit 1) s
    -- Each is looked up for its row, because a join may read the other table as a whole.
    cross join lateral (select u.* from login."user" u where u.id = s.user_id limit 1) u
    left join lateral (select t.* from tenants t where t.id = p_tenant_id limit 1) t on true
    left join lateral (
      select p.role, p.full_name from profiles p
      where p.tenant_id = t.id and p.id = s.user_id and p.deleted_at is null
      limit 1
    ) p on true;
end
$$;

comment on function login.signed_in(text, text) is
  'Migration 100. Whose session a token is, and that person''s membership in one clinic.';
revoke execute on function login.signed_in(text, text) from public, anon, authenticated, service_role;

do $$
declare
  v_login text;
begin
  -- Only to a login that was let into this database: roles are the cluster's, and another database's API may have the
  -- usual name. Where none was yet, prisma/api-role.sql grants the same.
  for v_login in
    select r.rolname from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
    where n.nspname = 'public' and r.rolname ~ '^vetcita_api(_\w+)?$'
  loop
    execute format('grant execute on function login.signed_in(text, text) to %I', v_login);
  end loop;
end
$$;

-- prisma/sql/login/remove_abandoned_accounts.sql
-- Removes abandoned accounts: their address was never confirmed, nobody is signed in with them, no clinic
-- has ever had a profile of theirs, and they are older than p_age. A booking requires joining a clinic, so nothing
-- is lost but a name and a password. Returns how many; at most p_limit in one call.
--
-- A person may come back at this moment. Joining a clinic takes a session, and the session's foreign key waits for the
-- lock that the first statement takes; so what the second statement reads stays true until the commit. An account that
-- is being signed in to is locked by that key, and left for the next call.
create or replace function login.remove_abandoned_accounts(
  p_age interval default interval '30 days',
  p_limit integer default 1000
) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[];
  v_removed integer;
begin
  v_ids := array(
    select u.id from login."user" u
    where not u.email_verified and u.created_at < now() - p_age
      and not exists (select from login.session s where s.user_id = u.id and s.expires_at > now())
      and not exists (select from profiles p where p.id = u.id)
    limit p_limit
    for update of u skip locked
  );
  delete from login."user" u
  where u.id = any (v_ids)
    and not u.email_verified
    and not exists (select from login.session s where s.user_id = u.id and s.expires_at > now())
    and not exists (select from profiles p where p.id = u.id);
  get diagnostics v_removed = row_count;
  return v_removed;
end
$$;

comment on function login.remove_abandoned_accounts(interval, integer) is
  'Migration 100. Removes unconfirmed accounts that nobody is signed in with and no clinic knows.';
revoke execute on function login.remove_abandoned_accounts(interval, integer)
  from public, anon, authenticated, service_role;

do $$
declare
  v_login text;
begin
  -- Only to a login that was let into this database: roles are the cluster's, and another database's API may have the
  -- usual name. Where none was yet, prisma/api-role.sql grants the same.
  for v_login in
    select r.rolname from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
    where n.nspname = 'public' and r.rolname ~ '^vetcita_api(_\w+)?$'
  loop
    execute format('grant execute on function login.remove_abandoned_accounts(interval, integer) to %I', v_login);
  end loop;
end
$$;
-- prisma/sql ends

commit;
