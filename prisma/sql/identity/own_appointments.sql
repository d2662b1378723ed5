-- Returns the appointments of the user's pets.
create or replace function clinic_access.own_appointments() returns uuid[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select a.id
    from profiles o
    join pets p on p.tenant_id = o.tenant_id and p.owner_id = o.id
    join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
    where o.id = v_actor and o.deleted_at is null
  );
end
$$;

comment on function clinic_access.own_appointments() is 'The appointments of the user''s pets.';
revoke execute on function clinic_access.own_appointments() from public, anon;
grant execute on function clinic_access.own_appointments() to authenticated, service_role;
