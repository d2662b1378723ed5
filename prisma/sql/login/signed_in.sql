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
  'Whose session a token is, and that person''s membership in one clinic.';
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
