-- Moves an appointment to another time or vet. A move that checks and then writes can lose its slot in between, so it
-- locks the rows of both vets, the old and the new one, and of the pet's owner, before it checks. p_tenant_id: an
-- appointment of another clinic is NOT_FOUND. p_overrides: see book_appointment_atomic; a squeeze-in's reason is the
-- appointment's.
--
-- Success: success, appointment_id, old_start_time, new_start_time, new_end_time, vet_id, status, version,
-- duration_minutes, price, currency. A move to where it already is is a replay.
create or replace function reschedule_appointment_atomic(
  p_appointment_id uuid,
  p_new_start_time timestamptz,
  p_performed_by uuid,
  p_is_staff boolean default false,
  p_new_vet_id uuid default null,
  p_expected_version integer default null,
  p_tenant_id text default null,
  p_overrides text[] default null
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
  v_verdict record;
  v_owner_id uuid;
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
  if cardinality(p_overrides) > 0 then
    v_refusal := case when v_access = 'owner' then 'FORBIDDEN' else check_overrides(p_overrides, v_appointment.reason) end;
    if v_refusal is not null then
      return atomic_refusal(v_refusal);
    end if;
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

    select owner_id into v_owner_id from pets
    where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
    -- Both vets and the owner first, in the order of their keys, then the appointment. Every function keeps this order, so
    -- that no two of them can hold what the other waits for.
    for v_vet in
      select id, has_calendar(role) and deleted_at is null as may_treat
      from profiles
      where tenant_id = v_appointment.tenant_id and id in (v_old_vet_id, v_vet_id, v_owner_id)
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
    select nullif(owner_id, v_owner_id) into v_owner_id from pets
    where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
    if v_owner_id is not null then
      perform lock_new_owner(v_appointment.tenant_id, v_owner_id);
    end if;
  end if;

  if v_appointment.start_time = p_new_start_time and v_appointment.vet_id = v_vet_id then
    return jsonb_build_object('replayed', true) || move_answer(
      v_appointment.id, v_appointment.start_time, v_appointment.start_time, v_appointment.end_time,
      v_appointment.vet_id, v_appointment.status, v_appointment.version, v_appointment.price, v_appointment.currency
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
  end;
  if v_refusal is null then
    v_verdict := judge_slot(
      slot_refusals(
        v_appointment.tenant_id, v_vet_id, v_appointment.service_id, v_appointment.pet_id, p_new_start_time, v_end_time,
        v_busy_until, v_timezone, v_access = 'staff', p_except_id => v_appointment.id
      ),
      p_overrides
    );
    v_refusal := case
      when v_verdict.refusal is not null then v_verdict.refusal
      when v_verdict.squeeze_in
        and squeeze_ins_are_full(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_appointment.id)
        then 'SQUEEZE_INS_FULL'
    end;
  end if;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  begin
    -- the constraint still counts holds that have expired
    perform drop_expired_holds(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_busy_until);
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set start_time = p_new_start_time,
        end_time = v_end_time,
        busy_until = v_busy_until,
        vet_id = v_vet_id,
        squeeze_in = v_verdict.squeeze_in,
        overrides = v_verdict.overrides,
        -- What was confirmed is the old time. Another vet at that time asks again only if it is the owner's wish.
        status = case
          when status = 'confirmed' and (v_access = 'owner' or start_time <> p_new_start_time) then 'scheduled'
          else status
        end,
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

  return move_answer(
    v_appointment.id, v_old_start_time, v_appointment.start_time, v_appointment.end_time, v_appointment.vet_id,
    v_appointment.status, v_appointment.version, v_appointment.price, v_appointment.currency
  );
end
$$;

comment on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[]) is
  'Moves an appointment to another time or vet, or says why not.';
revoke execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[])
  from public, anon;
grant execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[])
  to authenticated, service_role;
