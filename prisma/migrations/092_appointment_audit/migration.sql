-- 092: rules for every writer, not only for the functions: a writer of a vet's calendar holds the vet's lock, and a
-- change of start, vet or status raises the version and leaves one event.

begin;
set local search_path = public, pg_temp;

-- prisma/sql/booking/lock_calendar_vet.sql
-- Locks the vet of the appointment that is about to be inserted, so that plain inserts queue with the functions.
--
-- Not on an update of an appointment: that statement already holds the appointment's row, and waiting for the vet while
-- holding an appointment can deadlock with the functions, which lock them the other way round. There the constraint
-- decides.
create or replace function lock_calendar_vet() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
begin
  perform from profiles
  where tenant_id = new.tenant_id and id = new.vet_id
  for no key update;
  return new;
end
$$;

create or replace trigger appointments_lock_vet before insert on appointments
  for each row execute function lock_calendar_vet();

comment on function lock_calendar_vet() is 'Migration 092. Trigger: locks the vet whose calendar is written.';
revoke execute on function lock_calendar_vet() from public, anon, authenticated, service_role;

-- prisma/sql/booking/lock_calendar_vets.sql
-- Locks the vets whose hours or time off a statement has written, in the order in which every function locks them, so
-- that a list of the appointments inside a time off is still right when the time off commits. After the statement and not
-- before each row: a statement that writes several vets' rows would lock them in the order of its rows, and two that do
-- so, or one and a move, could wait for each other. Nobody sees the rows before they commit, so it is early enough.
create or replace function lock_calendar_vets() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_tenant_ids text[];
  v_vet_ids uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids from new_rows;
  elsif tg_op = 'DELETE' then
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids from old_rows;
  else
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids
    from (select tenant_id, vet_id from old_rows union select tenant_id, vet_id from new_rows) r;
  end if;
  perform from profiles
  where (tenant_id, id) in (select * from unnest(v_tenant_ids, v_vet_ids))
  order by tenant_id, id
  for no key update;
  return null;
end
$$;

create or replace trigger vet_hours_lock_vets_insert after insert on vet_hours
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_hours_lock_vets_update after update on vet_hours
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_hours_lock_vets_delete after delete on vet_hours
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_insert after insert on vet_time_off
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_update after update on vet_time_off
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_delete after delete on vet_time_off
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

comment on function lock_calendar_vets() is 'Migration 092. Trigger: locks the vets whose hours or time off were written.';
revoke execute on function lock_calendar_vets() from public, anon, authenticated, service_role;

-- prisma/sql/booking/raise_appointment_version.sql
-- The version counts the changes: it is one more than before, whatever the writer set. The functions that raise it
-- themselves arrive at the same number.
create or replace function raise_appointment_version() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  new.version := old.version;
  if (new.start_time, new.vet_id, new.status) is distinct from (old.start_time, old.vet_id, old.status) then
    new.version := old.version + 1;
    new.updated_at := now();
  end if;
  return new;
end
$$;

create or replace trigger appointments_version before update on appointments
  for each row execute function raise_appointment_version();

comment on function raise_appointment_version() is 'Migration 092. Trigger: the version counts the changes.';
revoke execute on function raise_appointment_version() from public, anon, authenticated, service_role;

-- prisma/sql/booking/record_appointment_event.sql
-- Writes one event for each write that changes start, vet or status. A move that also takes back a confirmation is one
-- event that has both. The actor is the one that a function verified and set, else the user of the claims, else
-- unknown.
create or replace function record_appointment_event() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_now jsonb := jsonb_build_object('start_time', new.start_time, 'vet_id', new.vet_id, 'status', new.status);
  v_event text;
  v_details jsonb;
begin
  if tg_op = 'INSERT' then
    v_event := 'booked';
    v_details := v_now;
  else
    v_event := case
      when (new.start_time, new.vet_id) is distinct from (old.start_time, old.vet_id) then 'rescheduled'
      else 'status_changed'
    end;
    v_details := jsonb_build_object(
      'from', jsonb_build_object('start_time', old.start_time, 'vet_id', old.vet_id, 'status', old.status),
      'to', v_now
    );
    if new.status = 'cancelled' and new.cancellation_reason is not null then
      v_details := v_details || jsonb_build_object('reason', new.cancellation_reason);
    end if;
  end if;
  -- The clock's time and not now(): a change that waited for another one began before it, but belongs after it.
  insert into appointment_events (tenant_id, appointment_id, event, actor_id, details, at)
  values (
    new.tenant_id, new.id, v_event,
    coalesce(nullif(current_setting('vetcita.actor', true), '')::uuid, request_actor()),
    v_details, clock_timestamp()
  );
  return null;
end
$$;

create or replace trigger appointments_booked after insert on appointments
  for each row execute function record_appointment_event();

create or replace trigger appointments_changed after update on appointments
  for each row
  when (
    new.start_time is distinct from old.start_time or new.vet_id is distinct from old.vet_id
    or new.status is distinct from old.status
  )
  execute function record_appointment_event();

comment on function record_appointment_event() is 'Migration 092. Trigger: writes one event for each change.';
revoke execute on function record_appointment_event() from public, anon, authenticated, service_role;
-- prisma/sql ends

commit;
