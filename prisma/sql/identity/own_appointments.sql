-- Returns the appointments of the user's pets.
create or replace function clinic_access.own_appointments() returns uuid[]
language sql stable security definer
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(a.id), '{}')
  from profiles o
  join pets p on p.tenant_id = o.tenant_id and p.owner_id = o.id
  join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
  where o.id = request_actor() and o.deleted_at is null
$$;

comment on function clinic_access.own_appointments() is 'The appointments of the user''s pets.';
revoke execute on function clinic_access.own_appointments() from public, anon;
grant execute on function clinic_access.own_appointments() to authenticated, service_role;
