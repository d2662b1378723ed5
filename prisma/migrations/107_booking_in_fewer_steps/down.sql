-- Takes back 107: the functions are those of 088 again.

begin;
set local search_path = public, pg_temp;

create or replace function slot_is_taken(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from appointments
    where tenant_id = p_tenant_id and vet_id = p_vet_id
      and status not in ('cancelled', 'no_show')
      and start_time > p_start - interval '24 hours' and start_time < p_busy_until
      and busy_until > p_start
      and id is distinct from p_except_id
  );
end
$$;

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
  v_allowed boolean;
  v_trusted boolean;
  v_actor uuid;
  v_key text := nullif(p_idempotency_key, '');
  v_hash text;
  v_replay jsonb;
  v_refusal text;
  v_as_staff boolean;
  v_end_time timestamptz;
  v_busy_until timestamptz;
  v_timezone text;
  v_booked record;
begin
  if p_duration_minutes not between 5 and 480 then
    return atomic_refusal('INVALID_DURATION');
  end if;

  select c.allowed, c.trusted, c.actor into v_allowed, v_trusted, v_actor from clinic_caller(p_booked_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_actor is null then
    select owner_id into v_actor from pets where tenant_id = p_tenant_id and id = p_pet_id;
  end if;

  if v_key is not null then
    -- Over the arguments as they were sent. The instant goes in as seconds: its text would follow the session's zone.
    v_hash := encode(sha256(convert_to(jsonb_build_array(
      p_pet_id, p_service_id, p_vet_id, extract(epoch from p_start_time)::text, p_duration_minutes, p_reason, p_notes
    )::text, 'UTF8')), 'hex');
    v_replay := replay_booking(p_tenant_id, v_actor, v_key, v_hash);
    if v_replay is not null then
      return v_replay;
    end if;
  end if;

  select c.refusal into v_refusal
  from check_booking(p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_trusted) c;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  -- From here until commit every other writer of this vet's calendar waits. "no key update" is the strongest lock that
  -- a foreign key's check does not wait for. The role stands in this statement, so that it is looked at again when the
  -- wait ends: a vet dismissed meanwhile is not found.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and role in ('vet', 'admin') and deleted_at is null
  for no key update;
  if not found then
    return atomic_refusal('VET_NOT_FOUND');
  end if;

  -- Each statement from here on sees what was committed while this call waited, its own twin with the same key first.
  if v_key is not null then
    v_replay := replay_booking(p_tenant_id, v_actor, v_key, v_hash);
    if v_replay is not null then
      return v_replay;
    end if;
  end if;
  select c.refusal, c.as_staff, c.end_time, c.busy_until, c.timezone
    into v_refusal, v_as_staff, v_end_time, v_busy_until, v_timezone
  from check_booking(p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_trusted) c;
  v_refusal := case
    when v_refusal is not null then v_refusal
    when not v_as_staff and not vet_is_open(p_tenant_id, p_vet_id, p_start_time, v_end_time, v_timezone)
      then 'OUTSIDE_HOURS'
    when vet_is_away(p_tenant_id, p_vet_id, p_start_time, v_busy_until) then 'VET_AWAY'
    when slot_is_taken(p_tenant_id, p_vet_id, p_start_time, v_busy_until) then 'SLOT_UNAVAILABLE'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  -- The audit trigger, where there is one, takes the actor from here.
  perform set_config('vetcita.actor', v_actor::text, true);
  -- "on conflict do nothing" covers both constraints that may still object without the price of a subtransaction: the
  -- overlap, against writers that take no lock; the key, against the same request for another vet, whose lock is
  -- another one.
  insert into appointments (
    tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, reason, notes, created_by,
    idempotency_key, request_hash
  )
  values (
    p_tenant_id, p_pet_id, p_service_id, p_vet_id, p_start_time, v_end_time, v_busy_until, p_reason, p_notes, v_actor,
    v_key, v_hash
  )
  on conflict do nothing
  returning id, start_time, end_time, status, version into v_booked;
  perform set_config('vetcita.actor', '', true);

  if v_booked.id is null then
    return coalesce(replay_booking(p_tenant_id, v_actor, v_key, v_hash), atomic_refusal('SLOT_UNAVAILABLE'));
  end if;
  return jsonb_build_object(
    'success', true, 'appointment_id', v_booked.id, 'start_time', v_booked.start_time, 'end_time', v_booked.end_time,
    'status', v_booked.status, 'version', v_booked.version
  );
end
$$;

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 088. Another active appointment overlaps.';
comment on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text
) is 'Migration 088. Books one slot of one vet, or says why not.';

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '106'
$$;

comment on function schema_version() is 'Migration 106. The number of the newest migration.';

commit;
