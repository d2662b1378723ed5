-- Corrects an appointment: its pet, service, length or reason. An edit that needs more of the vet's time, or another pet,
-- could collide with a booking that is made at that moment, so it locks the vet and the pets' owners, as a booking does.
-- For staff; a pet owner may change the reason of their own while it can be moved.
--
-- p_changes: {"pet_id", "service_id", "duration_minutes", "reason"}, each of which may be left out. A new service brings
-- its name, price and buffer, and its length unless one is given; a new length keeps the price. p_tenant_id: an
-- appointment of another clinic is NOT_FOUND.
--
-- Success: success, appointment_id, pet_id, service_id, start_time, end_time, reason, status, version, duration_minutes,
-- price, currency. Changes that change nothing are a replay.
create or replace function edit_appointment_atomic(
  p_appointment_id uuid,
  p_changes jsonb,
  p_performed_by uuid,
  p_is_staff boolean default false,
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
  v_old_vet_id uuid;
  v_new record;
  v_owner_ids uuid[];
  v_verdict record;
  v_timezone text;
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
  if v_access = 'owner' and p_changes ?| array['pet_id', 'service_id', 'duration_minutes'] then
    return atomic_refusal('FORBIDDEN');
  end if;
  if invalid_appointment_changes(p_changes) is not null then
    return atomic_refusal('INVALID_CHANGES', invalid_appointment_changes(p_changes));
  end if;
  v_old_vet_id := v_appointment.vet_id;

  v_new := edited_appointment(
    v_appointment.tenant_id, p_changes, v_appointment.status, v_appointment.version, v_appointment.pet_id,
    v_appointment.service_id, v_appointment.start_time, v_appointment.end_time, v_appointment.busy_until,
    v_appointment.reason, v_access, p_expected_version
  );
  if v_new.refusal is not null then
    return atomic_refusal(v_new.refusal);
  end if;
  if v_new.is_changed then
    if v_new.needs_time then
      select array_agg(owner_id) into v_owner_ids from pets
      where tenant_id = v_appointment.tenant_id and id in (v_appointment.pet_id, v_new.pet_id);
      perform from profiles
      where tenant_id = v_appointment.tenant_id and id = any (v_owner_ids || v_old_vet_id)
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
    v_allowed := v_new.needs_time;
    v_new := edited_appointment(
      v_appointment.tenant_id, p_changes, v_appointment.status, v_appointment.version, v_appointment.pet_id,
      v_appointment.service_id, v_appointment.start_time, v_appointment.end_time, v_appointment.busy_until,
      v_appointment.reason, v_access, p_expected_version
    );
    if v_new.refusal is not null then
      return atomic_refusal(v_new.refusal);
    end if;
    -- another caller gave it to a vet, or changed it so that this edit needs locks that it does not hold
    if v_new.needs_time and (not v_allowed or v_appointment.vet_id <> v_old_vet_id) then
      return atomic_refusal('STALE_VERSION');
    end if;
  end if;

  if v_new.needs_time then
    select timezone into v_timezone from tenants where id = v_appointment.tenant_id;
    v_verdict := judge_slot(
      slot_refusals(
        v_appointment.tenant_id, v_appointment.vet_id, v_new.service_id, v_new.pet_id, v_appointment.start_time,
        v_new.end_time, v_new.busy_until, v_timezone, true, p_except_id => v_appointment.id
      ),
      -- what was set aside for its place stays so; a closed day was when it was booked
      coalesce(v_appointment.overrides, '{}') || array['closed']
        || case when v_appointment.squeeze_in then array['squeeze_in'] end
    );
    if v_verdict.refusal is not null then
      return atomic_refusal(v_verdict.refusal);
    end if;
    perform drop_expired_holds(
      v_appointment.tenant_id, v_appointment.vet_id, v_appointment.start_time, v_new.busy_until, v_appointment.id
    );
  end if;
  if v_new.is_changed then
    begin
      perform set_config('vetcita.actor', v_actor::text, true);
      update appointments
      set pet_id = v_new.pet_id,
          service_id = v_new.service_id,
          end_time = v_new.end_time,
          busy_until = v_new.busy_until,
          reason = v_new.reason,
          price = case when v_new.is_other_service then v_new.price else price end,
          currency = case when v_new.is_other_service then v_new.currency else currency end,
          service_name = case when v_new.is_other_service then v_new.service_name else service_name end,
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
  end if;

  return jsonb_build_object(
    'success', true, 'replayed', not v_new.is_changed, 'appointment_id', v_appointment.id,
    'pet_id', v_appointment.pet_id, 'service_id', v_appointment.service_id, 'start_time', v_appointment.start_time,
    'end_time', v_appointment.end_time, 'reason', v_appointment.reason, 'status', v_appointment.status,
    'version', v_appointment.version, 'price', v_appointment.price, 'currency', v_appointment.currency,
    'duration_minutes', (extract(epoch from v_appointment.end_time - v_appointment.start_time) / 60)::integer
  );
end
$$;

comment on function edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text) is
  'Corrects an appointment''s pet, service, length or reason, or says why not.';
revoke execute on function edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text) from public, anon;
grant execute on function edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text)
  to authenticated, service_role;
