-- Returns what the actor is to this pet's appointments: 'staff' (asked to act as staff, and is), 'owner' (did not ask,
-- and owns the pet), 'FORBIDDEN' (owns the pet, but asked to act as staff), or 'NOT_FOUND' (anyone else, for whom it
-- does not exist).
create or replace function appointment_access(p_tenant_id text, p_pet_id uuid, p_actor uuid, p_is_staff boolean)
returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_role text;
  v_owns boolean;
begin
  select a.role, p.owner_id = a.id into v_role, v_owns
  from profiles a
  left join pets p on p.tenant_id = a.tenant_id and p.id = p_pet_id
  where a.tenant_id = p_tenant_id and a.id = p_actor and a.deleted_at is null;
  return case
    when coalesce(p_is_staff, false) and v_role <> 'owner' then 'staff'
    when v_owns then case when coalesce(p_is_staff, false) then 'FORBIDDEN' else 'owner' end
    else 'NOT_FOUND'
  end;
end
$$;

comment on function appointment_access(text, uuid, uuid, boolean) is
  'What the actor is to a pet''s appointments.';
revoke execute on function appointment_access(text, uuid, uuid, boolean) from public, anon, authenticated, service_role;
