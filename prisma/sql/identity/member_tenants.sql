-- Returns the clinics in which the user has a profile, in any role.
create or replace function clinic_access.member_tenants() returns text[]
language sql stable security definer
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(tenant_id), '{}') from profiles where id = request_actor() and deleted_at is null
$$;

comment on function clinic_access.member_tenants() is 'The clinics in which the user has a profile.';
revoke execute on function clinic_access.member_tenants() from public, anon;
grant execute on function clinic_access.member_tenants() to authenticated, service_role;
