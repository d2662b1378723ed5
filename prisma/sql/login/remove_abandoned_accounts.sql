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
  'Removes unconfirmed accounts that nobody is signed in with and no clinic knows.';
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
