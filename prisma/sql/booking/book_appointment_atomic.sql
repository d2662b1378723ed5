-- Books one slot of one vet. Two callers may both find a slot free, and an empty slot has no row to lock, so every
-- booking locks the vet's profile row and checks the calendar behind that lock.
--
-- Success: success, appointment_id, start_time, end_time, status, version; with a key that was used before also
-- replayed.
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
  p_idempotency_key text default null
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
  v_refusal text;
  v_setting text;
  v_booked record;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if p_duration_minutes not between 5 and 480 then
    return atomic_refusal('INVALID_DURATION');
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
    p_notes
  );
  if v_check.refusal is not null then
    return atomic_refusal(v_check.refusal);
  end if;

  -- From here until commit every other writer of this vet's calendar waits. "no key update" is the strongest lock that
  -- the check of a foreign key does not wait for. The role is in this statement so that it is checked again after the
  -- wait: a vet who lost the role meanwhile is not found.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and role in ('vet', 'admin') and deleted_at is null
  for no key update;
  if not found then
    return atomic_refusal('VET_NOT_FOUND');
  end if;

  -- Each statement from here on sees what was committed until now. What was read before the lock is a guess, whether or
  -- not this call had to wait, because another transaction may have committed in between; so it is read again.
  v_check := check_booking(
    p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_caller.trusted,
    p_notes
  );
  v_refusal := case
    when v_check.refusal is not null then v_check.refusal
    when not v_check.as_staff
      and not vet_is_open(p_tenant_id, p_vet_id, p_start_time, v_check.end_time, v_check.timezone)
      then 'OUTSIDE_HOURS'
    when vet_is_away(p_tenant_id, p_vet_id, p_start_time, v_check.busy_until) then 'VET_AWAY'
    when slot_is_taken(p_tenant_id, p_vet_id, p_start_time, v_check.busy_until) then 'SLOT_UNAVAILABLE'
  end;
  if v_refusal is not null then
    -- A twin of this call may have used the key since it was looked up, and be what is in the way. Where nothing is in the
    -- way, the key's constraint finds the twin.
    return coalesce(replay_booking(p_tenant_id, v_actor, v_key, v_hash), atomic_refusal(v_refusal));
  end if;

  -- For the audit trigger, if it exists. Assigned, because "perform" would start an executor.
  v_setting := set_config('vetcita.actor', v_actor::text, true);
  -- "on conflict do nothing" handles both constraints that may still object, without the cost of a subtransaction: the
  -- overlap, against writers that take no lock, and the key, against the same request for another vet, which holds
  -- another lock.
  insert into appointments (
    tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, reason, notes, created_by,
    idempotency_key, request_hash
  )
  values (
    p_tenant_id, p_pet_id, p_service_id, p_vet_id, p_start_time, v_check.end_time, v_check.busy_until, p_reason,
    p_notes, v_actor, v_key, v_hash
  )
  on conflict do nothing
  returning id, start_time, end_time, status, version into v_booked;
  v_setting := set_config('vetcita.actor', '', true);

  if v_booked.id is null then
    return coalesce(replay_booking(p_tenant_id, v_actor, v_key, v_hash), atomic_refusal('SLOT_UNAVAILABLE'));
  end if;
  return jsonb_build_object(
    'success', true, 'appointment_id', v_booked.id, 'start_time', v_booked.start_time, 'end_time', v_booked.end_time,
    'status', v_booked.status, 'version', v_booked.version
  );
end
$$;

comment on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text) is
  'Books one slot of one vet, or says why not.';
revoke execute on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text)
  from public, anon;
grant execute on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text)
  to authenticated, service_role;
