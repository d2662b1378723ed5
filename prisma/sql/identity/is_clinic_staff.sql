-- Returns whether the actor is staff of this clinic and not deleted.
create or replace function is_clinic_staff(p_tenant_id text, p_actor uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from profiles
    where tenant_id = p_tenant_id and id = p_actor
      and role <> 'owner' and deleted_at is null
  );
end
$$;

comment on function is_clinic_staff(text, uuid) is 'Staff of this clinic, and not deleted.';
revoke execute on function is_clinic_staff(text, uuid) from public, anon, authenticated, service_role;
