-- Changes an appointment's status. Staff may make every change that next_statuses allows, and take the last one back on the
-- clinic's same day; a pet owner may cancel. p_tenant_id: an appointment of another clinic is NOT_FOUND.
--
-- Completing a visit early frees the rest: it ends now, rounded up to 5 minutes, and keeps its buffer. Taking that back
-- gives it the length that was booked, if that is still free, and otherwise leaves the shorter one.
--
-- Success: success, appointment_id, old_status, status, version. A change to the status that it already has is a
-- replay.
create or replace function change_appointment_status_atomic(
  p_appointment_id uuid,
  p_new_status text,
  p_performed_by uuid,
  p_is_staff boolean default false,
  p_reason text default null,
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
  v_vet_id uuid;
  v_owner_id uuid;
  v_access text;
  v_check record;
  v_refusal text;
  v_refusals text[];
  v_old_status text;
  v_takes_slot boolean;
  v_end_time timestamptz;
  v_busy_until timestamptz;
  v_cancelled_at timestamptz := case when p_new_status = 'cancelled' then now() end;
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
  v_vet_id := v_appointment.vet_id;

  -- If it has the status already, this call most likely made the change before and its answer was lost.
  if v_appointment.status is distinct from p_new_status then
    v_check := check_status_change(
      v_appointment.tenant_id, v_appointment.id, v_appointment.status, v_appointment.start_time, v_appointment.version,
      v_access, p_new_status, p_expected_version, v_appointment.created_at
    );
    if v_check.refusal is not null then
      return atomic_refusal(v_check.refusal);
    end if;
    -- Only a change that takes a time again needs the locks of the vet and the owner: a no-show who comes after all, a hold,
    -- which may have expired, and what staff take back. Which change it is is known before the locks, so these rows can be
    -- locked before the appointment, as everywhere.
    v_takes_slot := p_new_status <> all (array['cancelled', 'no_show'])
      and v_appointment.status in ('cancelled', 'no_show', 'held', 'completed');
    if v_takes_slot then
      select owner_id into v_owner_id from pets
      where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
      perform from profiles
      where tenant_id = v_appointment.tenant_id and id in (v_vet_id, v_owner_id)
      order by tenant_id, id
      for no key update;
    end if;
    select * into v_appointment from appointments
    where tenant_id = v_appointment.tenant_id and id = p_appointment_id
    for update;
    -- What was read before the locks is a guess; from here on it cannot change.
    v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, p_is_staff);
    if v_access not in ('staff', 'owner') then
      return atomic_refusal(v_access);
    end if;
  end if;

  if v_appointment.status = p_new_status then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'appointment_id', v_appointment.id,
      'old_status', v_appointment.status, 'status', v_appointment.status, 'version', v_appointment.version
    );
  end if;

  v_check := check_status_change(
    v_appointment.tenant_id, v_appointment.id, v_appointment.status, v_appointment.start_time, v_appointment.version,
    v_access, p_new_status, p_expected_version, v_appointment.created_at
  );
  if v_check.refusal is not null then
    return atomic_refusal(v_check.refusal);
  end if;
  v_end_time := v_appointment.end_time;
  v_busy_until := v_appointment.busy_until;
  if p_new_status <> all (array['cancelled', 'no_show'])
    and v_appointment.status in ('cancelled', 'no_show', 'held', 'completed')
  then
    -- another caller gave it to a vet, or brought it to a status, for which this call holds no lock
    if v_appointment.vet_id <> v_vet_id or not v_takes_slot then
      return atomic_refusal('STALE_VERSION');
    end if;
    if v_appointment.status = 'completed' then
      v_end_time := greatest(v_end_time, booked_end(v_appointment.tenant_id, v_appointment.id));
      v_busy_until := v_end_time
        + make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
    end if;
    v_refusals := slot_refusals(
      v_appointment.tenant_id, v_vet_id, v_appointment.service_id, v_appointment.pet_id, v_appointment.start_time,
      v_end_time, v_busy_until, null, true, p_except_id => v_appointment.id
    );
    if v_appointment.status = 'completed' then
      -- its own time was never given away, only what it freed may be
      if v_refusals && array['VET_AWAY', 'PET_BUSY', 'SLOT_UNAVAILABLE'] then
        v_end_time := v_appointment.end_time;
        v_busy_until := v_appointment.busy_until;
      end if;
    else
      v_refusal := case
        -- a patient who is there is seen, whatever else was planned by now
        when 'VET_AWAY' = any (v_refusals) and p_new_status <> 'checked_in' then 'VET_AWAY'
        when 'PET_BUSY' = any (v_refusals) and p_new_status <> 'checked_in'
          and 'pet_busy' <> all (coalesce(v_appointment.overrides, '{}')) then 'PET_BUSY'
        when 'SLOT_UNAVAILABLE' = any (v_refusals) and not v_appointment.squeeze_in then 'SLOT_UNAVAILABLE'
      end;
      if v_refusal is not null then
        return atomic_refusal(v_refusal);
      end if;
      perform drop_expired_holds(
        v_appointment.tenant_id, v_vet_id, v_appointment.start_time, v_busy_until, v_appointment.id
      );
    end if;
  elsif p_new_status = 'completed' then
    v_end_time := least(
      v_end_time,
      greatest(
        v_appointment.start_time + interval '5 minutes',
        to_timestamp(ceil(extract(epoch from clock_timestamp()) / 300) * 300)
      )
    );
    v_busy_until := v_end_time
      + make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
  end if;

  v_old_status := v_appointment.status;
  begin
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set status = p_new_status,
        end_time = v_end_time,
        busy_until = v_busy_until,
        cancelled_at = v_cancelled_at,
        cancellation_reason = case when p_new_status = 'cancelled' then p_reason end,
        version = version + 1,
        updated_at = now()
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id
    returning * into v_appointment;
  exception
    -- A writer that takes no lock may have taken the time.
    when exclusion_violation then
      return atomic_refusal('SLOT_UNAVAILABLE');
  end;
  perform set_config('vetcita.actor', '', true);

  return jsonb_build_object(
    'success', true, 'appointment_id', v_appointment.id, 'old_status', v_old_status,
    'status', v_appointment.status, 'version', v_appointment.version
  );
end
$$;

comment on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text) is
  'Changes an appointment''s status, or says why not.';
revoke execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  from public, anon;
grant execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  to authenticated, service_role;
