-- Books one slot of one vet. Two callers may both find a slot free, and an empty slot has no row to lock, so every
-- booking locks the vet's profile row and checks the calendar behind that lock. Two vets could get one pet at one time,
-- and one owner more appointments than the clinic allows, so the owner's row is locked with it.
--
-- p_overrides: rules that do not count for this booking, for staff: pet_busy, closed, services, squeeze_in (with a
-- reason). p_expected: the duration_minutes and price that the caller has seen; if they differ now, SERVICE_CHANGED says
-- what they are.
--
-- Success: success, appointment_id, start_time, end_time, status, version, duration_minutes, price, currency; with a key
-- that was used before also replayed. A service that is booked by request gives the status held, until hold_expires_at.
create or replace function book_appointment_atomic(
  p_tenant_id text,
  p_pet_id uuid,
  p_service_id uuid,
  p_vet_id uuid,
  p_start_time timestamptz,
  p_duration_minutes integer default null,
  p_reason text default null,
  p_notes text default null,
  p_booked_by uuid default null,
  p_idempotency_key text default null,
  p_overrides text[] default null,
  p_expected jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record;
  v_actor uuid;
  v_key text := nullif(p_idempotency_key, '');
  v_hash text;
  v_replay jsonb;
  v_check record;
  v_vet_found boolean;
  v_owner_id uuid;
  v_verdict record;
  v_setting text;
  v_booked record;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if p_duration_minutes not between 5 and 480 then
    return atomic_refusal('INVALID_DURATION');
  end if;

  if check_overrides(p_overrides, p_reason) is not null then
    return atomic_refusal(check_overrides(p_overrides, p_reason));
  end if;

  v_caller := clinic_caller(p_booked_by);
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_actor := v_caller.actor;
  if v_actor is null then
    select owner_id into v_actor from pets where tenant_id = p_tenant_id and id = p_pet_id;
  end if;

  if v_key is not null then
    -- The hash covers the arguments as they were sent. The instant goes in as seconds, because its text would depend on
    -- the session's time zone.
    v_hash := encode(sha256(convert_to(jsonb_build_array(
      p_pet_id, p_service_id, p_vet_id, extract(epoch from p_start_time)::text, p_duration_minutes, p_reason, p_notes
    )::text, 'UTF8')), 'hex');
    v_replay := replay_booking(p_tenant_id, v_actor, v_key, v_hash);
    if v_replay is not null then
      return v_replay;
    end if;
  end if;

  v_check := check_booking(
    p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_caller.trusted,
    p_notes, p_overrides, p_expected
  );
  if v_check.refusal is not null then
    return atomic_refusal(v_check.refusal) || coalesce(v_check.changed, '{}');
  end if;
  v_owner_id := v_check.owner_id;

  -- From here until commit every other writer of this vet's calendar, and of this owner's appointments, waits. Both rows
  -- in the order of their keys, so that no two callers can hold what the other waits for. "no key update" is the strongest
  -- lock that the check of a foreign key does not wait for. The role comes from the locked row: a vet who lost it during
  -- the wait is not found.
  select bool_or(p.may_treat) into v_vet_found
  from (
    select id = p_vet_id and has_calendar(role) and deleted_at is null as may_treat
    from profiles
    where tenant_id = p_tenant_id and id in (p_vet_id, v_owner_id)
    order by tenant_id, id
    for no key update
  ) p;
  if v_vet_found is not true then
    return atomic_refusal('VET_NOT_FOUND');
  end if;

  -- Each statement from here on sees what was committed until now. What was read before the lock is a guess, whether or
  -- not this call had to wait, because another transaction may have committed in between; so it is read again.
  loop
    v_check := check_booking(
      p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_caller.trusted,
      p_notes, p_overrides, p_expected
    );
    exit when v_check.refusal is not null or v_check.owner_id = v_owner_id;
    v_owner_id := v_check.owner_id;
    perform lock_new_owner(p_tenant_id, v_owner_id);
  end loop;
  if v_check.refusal is null then
    v_verdict := judge_slot(
      slot_refusals(
        p_tenant_id, p_vet_id, p_service_id, p_pet_id, p_start_time, v_check.end_time, v_check.busy_until,
        v_check.timezone, v_check.as_staff, v_owner_id, v_check.open_limit
      ),
      p_overrides
    );
    v_check.refusal := case
      when v_verdict.refusal is not null then v_verdict.refusal
      when v_verdict.squeeze_in and squeeze_ins_are_full(p_tenant_id, p_vet_id, p_start_time, null)
        then 'SQUEEZE_INS_FULL'
    end;
  end if;
  if v_check.refusal is not null then
    -- A twin of this call may have used the key since it was looked up, and be what is in the way. Where nothing is in the
    -- way, the key's constraint finds the twin.
    return coalesce(
      replay_booking(p_tenant_id, v_actor, v_key, v_hash),
      atomic_refusal(v_check.refusal) || coalesce(v_check.changed, '{}')
    );
  end if;

  -- For the audit trigger, if it exists. Assigned, because "perform" would start an executor.
  v_setting := set_config('vetcita.actor', v_actor::text, true);
  loop
    -- "on conflict do nothing" handles both constraints that may still object, without the cost of a subtransaction: the
    -- overlap, against writers that take no lock and holds that have expired, and the key, against the same request for
    -- another vet, which holds another lock.
    insert into appointments (
      tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, reason, notes, created_by,
      idempotency_key, request_hash, status, hold_expires_at, price, currency, service_name, squeeze_in, overrides
    )
    values (
      p_tenant_id, p_pet_id, p_service_id, p_vet_id, p_start_time, v_check.end_time, v_check.busy_until, p_reason,
      p_notes, v_actor, v_key, v_hash, case when v_check.hold_expires_at is null then 'scheduled' else 'held' end,
      v_check.hold_expires_at, v_check.price, v_check.currency, v_check.service_name, v_verdict.squeeze_in,
      v_verdict.overrides
    )
    on conflict do nothing
    returning * into v_booked;
    exit when v_booked.id is not null
      or not drop_expired_holds(p_tenant_id, p_vet_id, p_start_time, v_check.busy_until);
  end loop;
  v_setting := set_config('vetcita.actor', '', true);

  if v_booked.id is null then
    return coalesce(replay_booking(p_tenant_id, v_actor, v_key, v_hash), atomic_refusal('SLOT_UNAVAILABLE'));
  end if;
  return booking_answer(
    v_booked.id, v_booked.start_time, v_booked.end_time, v_booked.status, v_booked.hold_expires_at, v_booked.version,
    v_booked.price, v_booked.currency
  );
end
$$;

comment on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb
) is 'Books one slot of one vet, or says why not.';
revoke execute on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb
) from public, anon;
grant execute on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb
) to authenticated, service_role;
