-- 100: whose session a token is, and that person's membership in one clinic, in one round trip.
--
-- The API calls this before every call of a signed-in user, so its cost is on the booking path: as two reads of the
-- session tables and a transaction under the user's identity it was six round trips, and cost more than the booking.
-- Nothing is cached between requests instead, because the end of a session or the loss of a role has to act at once.
--
-- It is in the schema of the session tables, where only the API's role can call it.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(100, array['signed_in']);

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
begin
  -- If the role does not exist yet, prisma/api-role.sql makes it and grants the same.
  if exists (select from pg_roles where rolname = 'vetcita_api') then
    grant execute on function login.signed_in(text, text) to vetcita_api;
  end if;
end
$$;
-- prisma/sql ends

commit;
