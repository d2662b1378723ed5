-- Returns what happened to an appointment, for the pet's owner and for staff of its clinic; no rows for anyone else. Staff
-- also see when its notes changed. Both can be read in their tables, too, but only staff and owners may, and a policy has
-- to find out everything that an owner may see before it shows them the history of one appointment.
create or replace function appointment_history(
  p_tenant_id text, p_appointment_id uuid, p_performed_by uuid default null
) returns table (id uuid, event text, actor_id uuid, details jsonb, at timestamptz)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_pet_id uuid;
  v_is_staff boolean;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return;
  end if;
  select a.pet_id into v_pet_id from appointments a where a.tenant_id = p_tenant_id and a.id = p_appointment_id;
  v_is_staff := appointment_access(p_tenant_id, v_pet_id, v_actor, true) = 'staff';
  if not v_is_staff and appointment_access(p_tenant_id, v_pet_id, v_actor, false) <> 'owner' then
    return;
  end if;
  return query
    select e.id, e.event, e.actor_id, e.details, e.at
    from appointment_events e
    where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
    order by e.at, e.id;
  if v_is_staff then
    return query
      select n.id, 'notes_changed', n.actor_id, null::jsonb, n.at
      from appointment_note_changes n
      where n.tenant_id = p_tenant_id and n.appointment_id = p_appointment_id
      order by n.at, n.id;
  end if;
end
$$;

comment on function appointment_history(text, uuid, uuid) is 'What happened to an appointment, for its owner and staff.';
revoke execute on function appointment_history(text, uuid, uuid) from public, anon;
grant execute on function appointment_history(text, uuid, uuid) to authenticated, service_role;
