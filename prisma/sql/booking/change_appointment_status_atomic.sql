-- Changes an appointment's status. Staff may make every change that next_statuses allows; a pet owner may cancel.
-- p_tenant_id: an appointment of another clinic is NOT_FOUND.
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
  v_access text;
  v_refusal text;
  v_old_status text;
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
    v_refusal := check_status_change(
      v_appointment.tenant_id, v_appointment.status, v_appointment.start_time, v_appointment.version,
      v_access, p_new_status, p_expected_version, v_appointment.created_at
    );
    if v_refusal is not null then
      return atomic_refusal(v_refusal);
    end if;
    -- Only a no-show who comes after all takes a slot again, so only this change needs the vet's lock. Which change it
    -- is is known before the locks, so the vet can be locked before the appointment, as everywhere.
    if p_new_status = 'checked_in' then
      perform from profiles where tenant_id = v_appointment.tenant_id and id = v_vet_id for no key update;
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

  v_refusal := check_status_change(
    v_appointment.tenant_id, v_appointment.status, v_appointment.start_time, v_appointment.version,
    v_access, p_new_status, p_expected_version, v_appointment.created_at
  );
  v_refusal := case
    when v_refusal is not null then v_refusal
    when v_appointment.status = 'no_show' and v_appointment.vet_id <> v_vet_id then 'STALE_VERSION'
    when v_appointment.status = 'no_show' and 'SLOT_UNAVAILABLE' = any (slot_refusals(
      v_appointment.tenant_id, v_vet_id, v_appointment.service_id, v_appointment.pet_id, v_appointment.start_time,
      v_appointment.end_time, v_appointment.busy_until, null, true, p_except_id => v_appointment.id
    )) then 'SLOT_UNAVAILABLE'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  v_old_status := v_appointment.status;
  begin
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set status = p_new_status,
        cancelled_at = v_cancelled_at,
        cancellation_reason = case when p_new_status = 'cancelled' then p_reason end,
        version = version + 1,
        updated_at = now()
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id
    returning * into v_appointment;
  exception
    -- A writer that takes no lock may have taken the slot of a no-show.
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
