-- Returns the clinics in which the user has a profile, in any role.
create or replace function clinic_access.member_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null
  );
end
$$;

comment on function clinic_access.member_tenants() is 'The clinics in which the user has a profile.';
revoke execute on function clinic_access.member_tenants() from public, anon;
grant execute on function clinic_access.member_tenants() to authenticated, service_role;
