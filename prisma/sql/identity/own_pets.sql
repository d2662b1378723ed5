-- Returns the user's pets, including retired ones, whose past visits stay visible. A pet's id is enough beside the
-- tenant, because only a backend may choose it (policies/pets.sql).
create or replace function clinic_access.own_pets() returns uuid[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select p.id
    from profiles o
    join pets p on p.tenant_id = o.tenant_id and p.owner_id = o.id
    where o.id = v_actor and o.deleted_at is null
  );
end
$$;

comment on function clinic_access.own_pets() is 'The user''s pets.';
revoke execute on function clinic_access.own_pets() from public, anon;
grant execute on function clinic_access.own_pets() to authenticated, service_role;
