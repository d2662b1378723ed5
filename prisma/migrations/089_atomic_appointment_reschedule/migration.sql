-- 089: reschedule_appointment_atomic, and what it shares with the status changes of 093.
--
-- The race that ends: a move checks whether the new slot is free and then writes, and a booking or another move comes
-- in between. Here a move locks both vets' rows before it checks, in the order of their keys, so that two moves that
-- swap vets cannot wait for each other.
--
-- Additive: it alters no table. It may run again, from any client, and commits as a whole or not at all. Needs 088.

begin;
set local search_path = public, pg_temp;

do $$
begin
  if to_regprocedure('refuse_downgrade(integer, text[])') is null then
    raise exception '089 needs 088: run 088_atomic_appointment_booking first.';
  end if;
end
$$;

select refuse_downgrade(89, array[
  'appointment_access', 'is_movable', 'keeps_notice', 'check_move', 'reschedule_appointment_atomic'
]);

-- Earlier versions had fewer arguments. Beside this one they would make calls ambiguous.
do $$
declare
  v_older regprocedure;
begin
  for v_older in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = 'reschedule_appointment_atomic'
      and p.oid is distinct from to_regprocedure(
        'reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text)'
      )
  loop
    execute format('drop function %s', v_older);
  end loop;
end
$$;

-- prisma/sql/booking/appointment_access.sql
-- Returns what the actor is to this pet's appointments: 'staff' (asked to act as staff, and is), 'owner' (did not ask,
-- and owns the pet), 'FORBIDDEN' (owns the pet, but asked to act as staff), or 'NOT_FOUND' (anyone else, for whom it
-- does not exist).
create or replace function appointment_access(p_tenant_id text, p_pet_id uuid, p_actor uuid, p_is_staff boolean)
returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_role text;
  v_owns boolean;
begin
  select a.role, p.owner_id = a.id into v_role, v_owns
  from profiles a
  left join pets p on p.tenant_id = a.tenant_id and p.id = p_pet_id
  where a.tenant_id = p_tenant_id and a.id = p_actor and a.deleted_at is null;
  return case
    when coalesce(p_is_staff, false) and v_role in ('receptionist', 'vet', 'admin') then 'staff'
    when v_owns then case when coalesce(p_is_staff, false) then 'FORBIDDEN' else 'owner' end
    else 'NOT_FOUND'
  end;
end
$$;

comment on function appointment_access(text, uuid, uuid, boolean) is
  'Migration 089. What the actor is to a pet''s appointments.';
revoke execute on function appointment_access(text, uuid, uuid, boolean) from public, anon, authenticated, service_role;

-- prisma/sql/booking/is_movable.sql
-- Returns whether an appointment with this status may be moved. Like the other rules that appointment_states shows it
-- has no search_path: only so can it be inlined, and the names in its body are resolved when it is created.
create or replace function is_movable(p_status text) returns boolean
language sql immutable
return p_status in ('scheduled', 'confirmed');

comment on function is_movable(text) is 'Migration 089. Whether a status lets an appointment be moved.';
revoke execute on function is_movable(text) from public, anon;
grant execute on function is_movable(text) to authenticated, service_role;

-- prisma/sql/booking/keeps_notice.sql
-- Returns whether, at p_at, the start is still as far away as the clinic requires for a change by a pet owner. Staff
-- need not give notice.
create or replace function keeps_notice(p_start_time timestamptz, p_notice_minutes integer, p_at timestamptz)
returns boolean
language sql stable
return p_start_time >= p_at + make_interval(mins => p_notice_minutes);

comment on function keeps_notice(timestamptz, integer, timestamptz) is
  'Migration 089. Whether a pet owner''s change is in time.';
revoke execute on function keeps_notice(timestamptz, integer, timestamptz) from public, anon;
grant execute on function keeps_notice(timestamptz, integer, timestamptz) to authenticated, service_role;

-- prisma/sql/booking/check_move.sql
-- Returns what keeps an appointment from being moved, apart from the calendar: an error code or null. Called before the
-- locks, so that hopeless calls take none, and again behind them.
create or replace function check_move(
  p_tenant_id text, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_start_time timestamptz, p_expected_version integer
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
begin
  if not is_movable(p_status) then
    return 'INVALID_STATUS';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  if not is_bookable_time(p_new_start_time, p_access = 'staff') then
    return 'INVALID_TIME';
  end if;
  if p_access = 'owner' then
    select change_notice_minutes into v_notice from tenants where id = p_tenant_id;
    if not keeps_notice(p_start_time, v_notice, clock_timestamp()) then
      return 'TOO_LATE';
    end if;
  end if;
  return null;
end
$$;

comment on function check_move(text, text, timestamptz, integer, text, timestamptz, integer) is
  'Migration 089. What keeps an appointment from being moved, apart from the calendar.';
revoke execute on function check_move(text, text, timestamptz, integer, text, timestamptz, integer)
  from public, anon, authenticated, service_role;

-- prisma/sql/booking/reschedule_appointment_atomic.sql
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
  'Migration 089. Moves an appointment to another time or vet, or says why not.';
revoke execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text)
  from public, anon;
grant execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text)
  to authenticated, service_role;
-- prisma/sql ends

do $$
begin
  raise notice 'Atomic appointment reschedule migration complete';
end
$$;

commit;
