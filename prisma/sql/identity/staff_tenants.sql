-- Returns the clinics in which the user is staff.
create or replace function clinic_access.staff_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null and role <> 'owner'
  );
end
$$;

comment on function clinic_access.staff_tenants() is 'The clinics in which the user is staff.';
revoke execute on function clinic_access.staff_tenants() from public, anon;
grant execute on function clinic_access.staff_tenants() to authenticated, service_role;
