-- Writes one event for each write that changes start, end, vet, status, pet, service or reason. A move that also takes back
-- a confirmation is one event that has both. The actor is the one that a function verified and set, else the user of the claims, else
-- unknown.
create or replace function record_appointment_event() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_now jsonb := jsonb_build_object(
    'start_time', new.start_time, 'end_time', new.end_time, 'vet_id', new.vet_id, 'status', new.status
  );
  v_event text;
  v_details jsonb;
  v_actor uuid := coalesce(nullif(current_setting('vetcita.actor', true), '')::uuid, request_actor());
begin
  if tg_op = 'INSERT' then
    v_event := 'booked';
    v_details := v_now;
  else
    v_event := case
      when (new.start_time, new.vet_id) is distinct from (old.start_time, old.vet_id) then 'rescheduled'
      when new.status is distinct from old.status then 'status_changed'
      else 'edited'
    end;
    v_details := jsonb_build_object(
      'from', jsonb_build_object(
        'start_time', old.start_time, 'end_time', old.end_time, 'vet_id', old.vet_id, 'status', old.status
      ),
      'to', v_now
    );
    if v_event = 'edited' then
      v_details := jsonb_build_object(
        'from', v_details -> 'from'
          || jsonb_build_object('pet_id', old.pet_id, 'service_id', old.service_id, 'reason', old.reason),
        'to', v_details -> 'to'
          || jsonb_build_object('pet_id', new.pet_id, 'service_id', new.service_id, 'reason', new.reason)
      );
    end if;
    if new.status = 'cancelled' and new.cancellation_reason is not null then
      v_details := v_details || jsonb_build_object('reason', new.cancellation_reason);
    end if;
  end if;
  -- What staff overrode for this place, and whom a squeeze-in is on top of.
  if v_event in ('booked', 'rescheduled') and (new.squeeze_in or cardinality(new.overrides) > 0) then
    v_details := v_details || jsonb_build_object(
      'overrides', to_jsonb(coalesce(new.overrides, '{}') || case when new.squeeze_in then array['squeeze_in'] end)
    );
  end if;
  if v_event in ('booked', 'rescheduled') and new.squeeze_in then
    v_details := v_details || jsonb_build_object('overlaps', (
      select coalesce(jsonb_agg(id order by start_time, id), '[]') from appointments
      where tenant_id = new.tenant_id and vet_id = new.vet_id and id <> new.id
        and start_time > new.start_time - interval '24 hours' and start_time < new.busy_until
        and busy_until > new.start_time and is_active_status(status, hold_expires_at, clock_timestamp())
    ));
  end if;
  -- A hold that expired is cancelled by whoever needs its time, and it is not their doing.
  if v_event = 'status_changed' and old.status = 'held' and new.status = 'cancelled'
    and old.hold_expires_at <= clock_timestamp()
  then
    v_actor := null;
    v_details := v_details || jsonb_build_object('expired', true);
  end if;
  -- The clock's time and not now(): a change that waited for another one began before it, but belongs after it.
  insert into appointment_events (tenant_id, appointment_id, event, actor_id, details, at)
  values (new.tenant_id, new.id, v_event, v_actor, v_details, clock_timestamp());
  return null;
end
$$;

create or replace trigger appointments_booked after insert on appointments
  for each row execute function record_appointment_event();

create or replace trigger appointments_changed after update on appointments
  for each row
  when (
    new.start_time is distinct from old.start_time or new.end_time is distinct from old.end_time
    or new.vet_id is distinct from old.vet_id or new.status is distinct from old.status
    or new.pet_id is distinct from old.pet_id or new.service_id is distinct from old.service_id
    or new.reason is distinct from old.reason
  )
  execute function record_appointment_event();

comment on function record_appointment_event() is 'Trigger: writes one event for each change.';
revoke execute on function record_appointment_event() from public, anon, authenticated, service_role;
