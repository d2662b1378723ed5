-- Moves an appointment to another time or vet. A move that checks and then writes can lose its slot in between, so it
-- locks the rows of both vets, the old and the new one, before it checks. p_tenant_id: an appointment of another clinic
-- is NOT_FOUND.
--
-- Success: success, appointment_id, old_start_time, new_start_time, new_end_time, vet_id, status, version. A move to
-- where it already is is a replay.
create or replace function reschedule_appointment_atomic(
  p_appointment_id uuid,
  p_new_start_time timestamptz,
  p_performed_by uuid,
  p_is_staff boolean default false,
  p_new_vet_id uuid default null,
  p_expected_version integer default null,
  p_tenant_id text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_appointment appointments;
  v_access text;
  v_refusal text;
  v_old_vet_id uuid;
  v_vet_id uuid;
  v_vet record;
  v_vet_found boolean := false;
  v_end_time timestamptz;
  v_busy_until timestamptz;
  v_timezone text;
  v_old_start_time timestamptz;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  select * into v_appointment from appointments
  where id = p_appointment_id and tenant_id = coalesce(p_tenant_id, tenant_id);
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, p_is_staff);
  if v_access not in ('staff', 'owner') then
    return atomic_refusal(v_access);
  end if;
  v_old_vet_id := v_appointment.vet_id;
  v_vet_id := coalesce(p_new_vet_id, v_old_vet_id);

  -- If it is there already, this call most likely moved it before and its answer was lost.
  if v_appointment.start_time is distinct from p_new_start_time or v_old_vet_id <> v_vet_id then
    v_refusal := check_move(
      v_appointment.tenant_id, v_appointment.status, v_appointment.start_time, v_appointment.version,
      v_access, p_new_start_time, p_expected_version
    );
    if v_refusal is not null then
      return atomic_refusal(v_refusal);
    end if;

    -- Both vets first, in the order of their keys, then the appointment. Every function keeps this order, so that no
    -- two of them can hold what the other waits for.
    for v_vet in
      select id, role in ('vet', 'admin') and deleted_at is null as may_treat
      from profiles
      where tenant_id = v_appointment.tenant_id and id in (v_old_vet_id, v_vet_id)
      order by tenant_id, id
      for no key update
    loop
      v_vet_found := v_vet_found or (v_vet.id = v_vet_id and v_vet.may_treat);
    end loop;
    select * into v_appointment from appointments
    where tenant_id = v_appointment.tenant_id and id = p_appointment_id
    for update;

    -- What was read before the locks is a guess; from here on it cannot change.
    v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, p_is_staff);
    if v_access not in ('staff', 'owner') then
      return atomic_refusal(v_access);
    end if;
  end if;

  if v_appointment.start_time = p_new_start_time and v_appointment.vet_id = v_vet_id then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'appointment_id', v_appointment.id,
      'old_start_time', v_appointment.start_time, 'new_start_time', v_appointment.start_time,
      'new_end_time', v_appointment.end_time, 'vet_id', v_appointment.vet_id,
      'status', v_appointment.status, 'version', v_appointment.version
    );
  end if;

  v_old_start_time := v_appointment.start_time;
  -- In seconds: an interval that holds a day has another length across a change of the clocks.
  v_end_time := p_new_start_time
    + make_interval(secs => extract(epoch from v_appointment.end_time - v_appointment.start_time)::float8);
  v_busy_until := v_end_time
    + make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
  select timezone into v_timezone from tenants where id = v_appointment.tenant_id;

  v_refusal := check_move(
    v_appointment.tenant_id, v_appointment.status, v_appointment.start_time, v_appointment.version,
    v_access, p_new_start_time, p_expected_version
  );
  v_refusal := case
    when v_refusal is not null then v_refusal
    -- another caller gave it to a vet whose row this call has not locked
    when v_appointment.vet_id <> v_old_vet_id then 'STALE_VERSION'
    when not v_vet_found then 'VET_NOT_FOUND'
    when v_access = 'owner'
      and not vet_is_open(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_end_time, v_timezone)
      then 'OUTSIDE_HOURS'
    when vet_is_away(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_busy_until) then 'VET_AWAY'
    when slot_is_taken(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_busy_until, v_appointment.id)
      then 'SLOT_UNAVAILABLE'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  begin
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set start_time = p_new_start_time,
        end_time = v_end_time,
        busy_until = v_busy_until,
        vet_id = v_vet_id,
        -- the clinic confirmed the old time, not this one
        status = case when v_access = 'owner' and status = 'confirmed' then 'scheduled' else status end,
        version = version + 1,
        updated_at = now()
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id
    returning * into v_appointment;
  exception
    -- Only a writer that takes no lock (a plain update) can cause this.
    when exclusion_violation then
      return atomic_refusal('SLOT_UNAVAILABLE');
  end;
  perform set_config('vetcita.actor', '', true);

  return jsonb_build_object(
    'success', true, 'appointment_id', v_appointment.id, 'old_start_time', v_old_start_time,
    'new_start_time', v_appointment.start_time, 'new_end_time', v_appointment.end_time,
    'vet_id', v_appointment.vet_id, 'status', v_appointment.status, 'version', v_appointment.version
  );
end
$$;

comment on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text) is
  'Moves an appointment to another time or vet, or says why not.';
revoke execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text)
  from public, anon;
grant execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text)
  to authenticated, service_role;
