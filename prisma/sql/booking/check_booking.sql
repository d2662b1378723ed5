-- Checks what does not need the vet's lock: pet, service, time, and whether the actor is staff, who alone write notes.
-- It runs before the lock, so that hopeless requests take none. It runs again after the lock, because of what was committed
-- meanwhile: the actor may have lost a role, the service may be withdrawn, the hour may have passed.
--
-- refusal: an error code; if it is null, the other results are set.
create or replace function check_booking(
  p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_start_time timestamptz, p_duration_minutes integer,
  p_actor uuid, p_trusted boolean, p_notes text,
  out refusal text, out as_staff boolean, out end_time timestamptz, out busy_until timestamptz, out timezone text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_owner_id uuid;
  v_actor_role text;
  v_duration integer;
  v_buffer integer;
begin
  select t.timezone, p.owner_id, a.role, s.duration_minutes, s.buffer_minutes
    into timezone, v_owner_id, v_actor_role, v_duration, v_buffer
  from tenants t
  left join pets p on p.tenant_id = t.id and p.id = p_pet_id and p.deleted_at is null
  left join profiles a on a.tenant_id = t.id and a.id = p_actor and a.deleted_at is null
  left join services s on s.tenant_id = t.id and s.id = p_service_id and s.is_active and s.deleted_at is null
  where t.id = p_tenant_id;

  as_staff := coalesce(v_actor_role in ('receptionist', 'vet', 'admin'), false);
  refusal := case
    when p_notes <> '' and not (p_trusted or as_staff) then 'FORBIDDEN'
    when v_owner_id is null or v_actor_role is null or not (as_staff or v_owner_id = p_actor) then 'PET_NOT_FOUND'
    when v_duration is null then 'SERVICE_NOT_FOUND'
    -- a pet owner does not choose how long the vet works
    when not (p_trusted or as_staff) and p_duration_minutes <> v_duration then 'INVALID_DURATION'
    when not is_bookable_time(p_start_time, as_staff) then 'INVALID_TIME'
  end;
  if refusal is null then
    end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_duration));
    busy_until := end_time + make_interval(mins => v_buffer);
  end if;
end
$$;

comment on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text) is
  'Checks pet, service, time and actor of a booking.';
revoke execute on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text)
  from public, anon, authenticated, service_role;
