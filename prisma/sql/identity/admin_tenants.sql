-- Returns the clinics in which the user is an admin.
create or replace function clinic_access.admin_tenants() returns text[]
language sql stable security definer
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(tenant_id), '{}') from profiles
  where id = request_actor() and deleted_at is null and role = 'admin'
$$;

comment on function clinic_access.admin_tenants() is 'The clinics in which the user is an admin.';
revoke execute on function clinic_access.admin_tenants() from public, anon;
grant execute on function clinic_access.admin_tenants() to authenticated, service_role;
