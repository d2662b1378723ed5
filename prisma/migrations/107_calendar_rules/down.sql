-- Takes back 107. What the new columns hold stays. The functions before it know no squeeze-ins and holds: answer the holds
-- first, and move the squeeze-ins, because the constraint that this brings back refuses them.

begin;
set local search_path = public, pg_temp;

alter table appointments
  drop constraint if exists appointments_vet_no_overlap,
  add constraint appointments_vet_no_overlap
    exclude using gist (tenant_id with =, vet_id with =, tstzrange(start_time, busy_until, '[)') with &&)
    where (status not in ('cancelled', 'no_show'));

drop trigger if exists appointments_service on appointments;
drop trigger if exists clinic_closures_lock_delete on clinic_closures;
drop trigger if exists clinic_closures_lock_insert on clinic_closures;
drop trigger if exists clinic_closures_lock_update on clinic_closures;
drop trigger if exists vet_services_lock_vets_delete on vet_services;
drop trigger if exists vet_services_lock_vets_insert on vet_services;
drop trigger if exists vet_services_lock_vets_update on vet_services;
drop policy if exists vet_services_backend on vet_services;
drop policy if exists vet_services_public on vet_services;
drop policy if exists tenants_admin on tenants;
drop policy if exists tenants_backend on tenants;
drop policy if exists tenants_public on tenants;
drop policy if exists services_admin on services;
drop policy if exists services_backend on services;
drop policy if exists services_public on services;
drop policy if exists services_staff on services;
drop policy if exists clinic_closures_backend on clinic_closures;
drop policy if exists clinic_closures_public on clinic_closures;
drop policy if exists appointments_backend on appointments;
drop policy if exists appointments_own on appointments;
drop policy if exists appointments_staff on appointments;
revoke all on vet_services from public, anon, authenticated, service_role;
alter table vet_services disable row level security;
revoke all on tenants from public, anon, authenticated, service_role;
revoke all on services from public, anon, authenticated, service_role;
revoke all on clinic_closures from public, anon, authenticated, service_role;
alter table clinic_closures disable row level security;
revoke all on appointments from public, anon, authenticated, service_role;
drop view if exists appointment_states;
drop function if exists reschedule_appointment_atomic(uuid,timestamp with time zone,uuid,boolean,uuid,integer,text,text[]);
drop function if exists check_status_change(text,text,timestamp with time zone,integer,text,text,integer,timestamp with time zone);
drop function if exists check_booking(text,uuid,uuid,timestamp with time zone,integer,uuid,boolean,text,text[],jsonb);
drop function if exists book_appointment_atomic(text,uuid,uuid,uuid,timestamp with time zone,integer,text,text,uuid,text,text[],jsonb);

-- Returns the starts that a booking by a pet owner would be given now, in order of time. Another caller may take one
-- before the booking arrives; then the booking says so.
--
-- p_from, p_to: dates of the clinic's, both included. start_time, end_time: instants. p_appointment_id: slots for a
-- move of this appointment, for its pet owner or staff. They have its length and buffer and leave it out of the
-- conflicts; if a move would be refused, there are none.
--
-- Raises 22023 if an argument is not valid.
create or replace function available_slots(
  p_tenant_id text,
  p_service_id uuid,
  p_from date,
  p_to date,
  p_vet_id uuid default null,
  p_step_minutes integer default 15,
  p_appointment_id uuid default null
) returns table (vet_id uuid, start_time timestamptz, end_time timestamptz)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_problem text;
  v_length interval;
  v_buffer interval;
  v_timezone text;
  v_notice integer;
  v_allowed boolean;
  v_trusted boolean;
  v_actor uuid;
  v_appointment appointments;
  v_from timestamptz;
  v_to timestamptz;
  v_vet_ids uuid[];
  v_open_vets uuid[];
  v_open_hours uuid[];
  v_open_days date[];
  v_open tstzrange[];
begin
  v_problem := case
    when p_tenant_id is null then 'p_tenant_id is null'
    when p_service_id is null and p_appointment_id is null then 'p_service_id is null'
    when p_from is null or p_to is null then 'p_from and p_to are dates'
    when p_from not between date '1970-01-01' and date '3000-01-01'
      or p_to not between date '1970-01-01' and date '3000-01-01' then 'p_from and p_to lie between 1970 and 3000'
    when p_to < p_from then 'p_to is before p_from'
    when p_to - p_from >= 62 then 'p_from to p_to is longer than 62 days'
    when p_step_minutes is null or p_step_minutes not between 5 and 120 then 'p_step_minutes is from 5 to 120'
  end;
  if v_problem is not null then
    raise exception 'available_slots: %.', v_problem using errcode = '22023';
  end if;

  select timezone, change_notice_minutes into v_timezone, v_notice from tenants where id = p_tenant_id;
  if p_appointment_id is null then
    select make_interval(mins => duration_minutes), make_interval(mins => buffer_minutes) into v_length, v_buffer
    from services where tenant_id = p_tenant_id and id = p_service_id and is_active and deleted_at is null;
  else
    select * into v_appointment from appointments where tenant_id = p_tenant_id and id = p_appointment_id;
    select c.allowed, c.trusted, c.actor into v_allowed, v_trusted, v_actor from clinic_caller(null) c;
    if is_movable(v_appointment.status) and (
      v_trusted
      or appointment_access(p_tenant_id, v_appointment.pet_id, v_actor, true) = 'staff'
      or (
        appointment_access(p_tenant_id, v_appointment.pet_id, v_actor, false) = 'owner'
        and keeps_notice(v_appointment.start_time, v_notice, clock_timestamp())
      )
    ) then
      v_length := make_interval(secs => extract(epoch from v_appointment.end_time - v_appointment.start_time)::float8);
      v_buffer := make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
    end if;
  end if;
  if v_timezone is null or v_length is null then
    return;
  end if;

  select array_agg(p.id) into v_vet_ids
  from profiles p
  where p.tenant_id = p_tenant_id and p.role in ('vet', 'admin') and p.deleted_at is null
    and (p_vet_id is null or p.id = p_vet_id)
    and exists (select from vet_hours h where h.tenant_id = p_tenant_id and h.vet_id = p.id);
  -- No vet has hours, as in a new clinic: there is nothing to offer, and no need to go through the days.
  if v_vet_ids is null then
    return;
  end if;

  -- The requested dates and a day on each side: a slot may run past midnight into the next day's hours, and the
  -- clinic's days begin up to 14 hours away from UTC's.
  v_from := (p_from - 1)::timestamp at time zone 'UTC';
  v_to := (p_to + 3)::timestamp at time zone 'UTC';

  -- Into variables: a distributed database calls no function that reads tables from a query on another table.
  select array_agg(o.vet_id), array_agg(o.hours_id), array_agg(o.day), array_agg(o.during)
    into v_open_vets, v_open_hours, v_open_days, v_open
  from vet_open_ranges(p_tenant_id, v_vet_ids, v_from, v_to, v_timezone) o;

  return query
  with open_ranges as materialized (
    select o.vet_id, o.hours_id, o.day, o.during
    from unnest(v_open_vets, v_open_hours, v_open_days, v_open) o (vet_id, hours_id, day, during)
  ),
  vet_calendar as materialized (
    select
      o.vet_id,
      range_agg(o.during) as open_during,
      (
        select coalesce(range_agg(b.during), '{}')
        from (
          select tstzrange(a.start_time, a.busy_until) as during
          from appointments a
          where a.tenant_id = p_tenant_id and a.vet_id = o.vet_id and a.status not in ('cancelled', 'no_show')
            -- twice, for the two indexes by vet: see slot_is_taken
            and a.start_time > v_from - interval '24 hours' and a.start_time < v_to
            and tstzrange(a.start_time, a.busy_until, '[)') && tstzrange(v_from - interval '24 hours', v_to)
            and a.id is distinct from p_appointment_id
          union all
          select tstzrange(t.start_time, t.end_time)
          from vet_time_off t
          where t.tenant_id = p_tenant_id and t.vet_id = o.vet_id and t.end_time > v_from and t.start_time < v_to
        ) b
      ) as busy_during
    from open_ranges o
    group by o.vet_id
  ),
  -- Slots are counted from where a row of hours begins. A change of the clocks inside a row makes two ranges, which are
  -- one opening if they touch.
  openings as (
    select o.vet_id, unnest(range_agg(o.during)) as during
    from open_ranges o
    where o.day between p_from and p_to
    group by o.vet_id, o.hours_id, o.day
  ),
  starts as (
    select distinct o.vet_id, s.start_time
    from openings o
    cross join lateral generate_series(
      lower(o.during), upper(o.during) - interval '1 microsecond', make_interval(mins => p_step_minutes)
    ) as s (start_time)
    where s.start_time > clock_timestamp() and s.start_time < timestamptz '3000-01-01 00:00:00Z'
  )
  select s.vet_id, s.start_time, s.start_time + v_length
  from starts s
  join vet_calendar c on c.vet_id = s.vet_id
  where c.open_during @> tstzrange(s.start_time, s.start_time + v_length)
    and not c.busy_during && tstzrange(s.start_time, s.start_time + v_length + v_buffer)
  order by s.start_time, s.vet_id;
end
$$;

comment on function available_slots(text, uuid, date, date, uuid, integer, uuid) is
  'Migration 095. The starts that a booking or a move by a pet owner would be given now.';
revoke execute on function available_slots(text, uuid, date, date, uuid, integer, uuid) from public;
grant execute on function available_slots(text, uuid, date, date, uuid, integer, uuid)
  to anon, authenticated, service_role;

-- The weekly hours of the vets in public_vets. Runs with its owner's rights on purpose, like public_vets, because
-- visitors may not read the rows. It repeats the condition instead of reading that view, so that either can be taken
-- back alone; an admin with a row here keeps hours, and so is in public_vets.
create or replace view public_vet_hours with (security_barrier) as
select h.tenant_id, h.vet_id, h.weekday, h.opens, h.closes
from vet_hours h
-- looked up for each row, because a join may read all of the clinic's profiles
where (
  select p.role in ('vet', 'admin') and p.deleted_at is null from profiles p
  where p.tenant_id = h.tenant_id and p.id = h.vet_id
);

comment on view public_vet_hours is 'Migration 102. The weekly hours of the vets whom visitors see.';
revoke all on public_vet_hours from public, anon, authenticated, service_role;
grant select on public_vet_hours to anon, authenticated, service_role;

-- Runs with its owner's rights on purpose: it shows three columns of rows that visitors may not read. An admin who
-- keeps hours treats patients; an admin who keeps none only manages the clinic.
create or replace view public_vets with (security_barrier) as
select p.tenant_id, p.id, p.full_name
from profiles p
where p.deleted_at is null
  and (
    p.role = 'vet'
    or (p.role = 'admin' and exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id))
  )
-- The order of profiles_staff_idx: without statistics every index by the clinic costs the same, and the planner prefers
-- one that spares it a sort. The others hold all of the clinic's clients.
order by p.tenant_id, p.full_name;

comment on view public_vets is 'Migration 097. The vets whom visitors see.';
revoke all on public_vets from public, anon, authenticated, service_role;
grant select on public_vets to anon, authenticated, service_role;

-- Returns whether the vet is open from start to end without a break. Adjoining rows (8 to 12 and 12 to 16, 22 to 24 and
-- 0 to 6) count as one. A vet without hours is always open.
create or replace function vet_is_open(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_end timestamptz, p_timezone text
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not exists (select from vet_hours where tenant_id = p_tenant_id and vet_id = p_vet_id) then
    return true;
  end if;
  return coalesce(
    (select range_agg(o.during) from vet_open_ranges(p_tenant_id, array[p_vet_id], p_start, p_end, p_timezone) o)
      @> tstzrange(p_start, p_end),
    false
  );
end
$$;

comment on function vet_is_open(text, uuid, timestamptz, timestamptz, text) is
  'Migration 088. Whether a vet is open from start to end; true for a vet without hours.';
revoke execute on function vet_is_open(text, uuid, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role;

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

-- Builds the answer to an expected refusal. The code is for programs, the sentence for people; this is the one place of
-- every sentence, and none of them mentions another pet owner, pet or time.
create or replace function atomic_refusal(p_error text, p_detail text default null) returns jsonb
language sql immutable
set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'success', false,
    'error', p_error,
    'message', case p_error
      when 'FORBIDDEN' then 'No tiene permiso para realizar esta operación'
      when 'NOT_FOUND' then 'Cita no encontrada'
      when 'PET_NOT_FOUND' then 'Mascota no encontrada'
      when 'SERVICE_NOT_FOUND' then 'Servicio no encontrado'
      when 'VET_NOT_FOUND' then 'Profesional no encontrado'
      when 'CUSTOMER_NOT_FOUND' then 'Cliente no encontrado'
      when 'ITEM_NOT_FOUND' then 'Este artículo no está a la venta'
      when 'CLINIC_NOT_FOUND' then 'Clínica no encontrada'
      when 'INVALID_DURATION' then 'La duración debe ser la del servicio, entre 5 y 480 minutos'
      when 'INVALID_TIME' then 'La hora de la cita debe estar en el futuro y antes del año 3000'
      when 'INVALID_ITEMS' then 'La lista de artículos no es válida'
      when 'INVALID_NAME' then 'El nombre debe tener entre 1 y 200 caracteres y el teléfono entre 3 y 40, sin caracteres invisibles'
      when 'INVALID_STATUS' then 'Esta cita ya no se puede mover'
      when 'INVALID_TRANSITION' then 'La cita no puede pasar a ese estado'
      when 'STALE_VERSION' then 'La cita cambió mientras tanto: revise los datos e intente de nuevo'
      when 'TOO_LATE' then 'Ya no se puede cambiar la cita con tan poca anticipación'
      when 'OUTSIDE_HOURS' then 'Ese horario está fuera del horario de atención'
      when 'VET_AWAY' then 'El profesional no atiende en ese horario'
      when 'SLOT_UNAVAILABLE' then 'Ese horario ya no está disponible'
      when 'IDEMPOTENCY_KEY_REUSED' then 'Esta solicitud ya se usó con otros datos'
      when 'CLIENT_NOT_FOUND' then 'Cliente no encontrado'
      when 'HAS_ACCOUNT' then 'Este cliente ya tiene su propia cuenta'
      when 'LINK_INVALID' then 'Este enlace no es válido'
      when 'LINK_USED' then 'Este enlace ya se usó'
      when 'LINK_EXPIRED' then 'Este enlace venció'
      when 'STAFF_NOT_FOUND' then 'No es parte del equipo de la clínica'
      when 'ALREADY_STAFF' then 'Esta cuenta ya es parte del equipo de la clínica'
      when 'LAST_ADMIN' then 'La clínica no puede quedarse sin quien la administre'
      when 'HAS_APPOINTMENTS' then 'Tiene citas por atender: muévalas primero'
      when 'INVALID_ROLE' then 'Ese rol no existe'
      when 'INVALID_HOURS' then 'El horario no es válido'
    end || coalesce(': ' || p_detail, '')
  )
$$;

comment on function atomic_refusal(text, text) is 'Migration 088. The JSON of an expected refusal: code and sentence.';
revoke execute on function atomic_refusal(text, text) from public, anon, authenticated, service_role;

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
  'Migration 088. Books one slot of one vet, or says why not.';
revoke execute on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text)
  from public, anon;
grant execute on function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text)
  to authenticated, service_role;

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
      v_access, p_new_status, p_expected_version
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
    v_access, p_new_status, p_expected_version
  );
  v_refusal := case
    when v_refusal is not null then v_refusal
    when v_appointment.status = 'no_show' and v_appointment.vet_id <> v_vet_id then 'STALE_VERSION'
    when v_appointment.status = 'no_show' and slot_is_taken(
      v_appointment.tenant_id, v_vet_id, v_appointment.start_time, v_appointment.busy_until, v_appointment.id
    ) then 'SLOT_UNAVAILABLE'
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
  'Migration 093. Changes an appointment''s status, or says why not.';
revoke execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  from public, anon;
grant execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  to authenticated, service_role;

-- Checks what does not need the vet's lock: pet, service, time, and whether the actor is staff, who alone write notes.
-- It runs before the lock, so that hopeless requests take none. It runs again after the lock, because of what was committed
-- meanwhile: the actor may have lost a role, the service may be withdrawn, the hour may have passed.
--
-- refusal: an error code; if it is null, the other results are set.
create or replace function check_booking(
  p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_start_time timestamptz, p_duration_minutes integer,
  p_actor uuid, p_trusted boolean, p_notes text,
  out refusal text, out as_staff boolean, out end_time timestamptz, out busy_until timestamptz, out timezone text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_owner_id uuid;
  v_actor_role text;
  v_duration integer;
  v_buffer integer;
begin
  select t.timezone, p.owner_id, a.role, s.duration_minutes, s.buffer_minutes
    into timezone, v_owner_id, v_actor_role, v_duration, v_buffer
  from tenants t
  left join pets p on p.tenant_id = t.id and p.id = p_pet_id and p.deleted_at is null
  left join profiles a on a.tenant_id = t.id and a.id = p_actor and a.deleted_at is null
  left join services s on s.tenant_id = t.id and s.id = p_service_id and s.is_active and s.deleted_at is null
  where t.id = p_tenant_id;

  as_staff := coalesce(v_actor_role in ('receptionist', 'vet', 'admin'), false);
  refusal := case
    when p_notes <> '' and not (p_trusted or as_staff) then 'FORBIDDEN'
    when v_owner_id is null or v_actor_role is null or not (as_staff or v_owner_id = p_actor) then 'PET_NOT_FOUND'
    when v_duration is null then 'SERVICE_NOT_FOUND'
    -- a pet owner does not choose how long the vet works
    when not (p_trusted or as_staff) and p_duration_minutes <> v_duration then 'INVALID_DURATION'
    when not is_bookable_time(p_start_time, as_staff) then 'INVALID_TIME'
  end;
  if refusal is null then
    end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_duration));
    busy_until := end_time + make_interval(mins => v_buffer);
  end if;
end
$$;

comment on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text) is
  'Migration 088. Checks pet, service, time and actor of a booking.';
revoke execute on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text)
  from public, anon, authenticated, service_role;

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

-- Returns what keeps an appointment from taking the new status: an error code or null.
create or replace function check_status_change(
  p_tenant_id text, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_status text, p_expected_version integer
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
begin
  if p_new_status is null or p_new_status <> all (next_statuses(p_status))
    or (p_access = 'owner' and p_new_status <> 'cancelled')
    -- no one has missed an appointment before it starts
    or (p_new_status = 'no_show' and p_start_time > clock_timestamp())
  then
    return 'INVALID_TRANSITION';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
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

comment on function check_status_change(text, text, timestamptz, integer, text, text, integer) is
  'Migration 093. What keeps an appointment from taking a status.';
revoke execute on function check_status_change(text, text, timestamptz, integer, text, text, integer)
  from public, anon, authenticated, service_role;

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

-- Returns the statuses that staff may give to an appointment with this one. A pet owner may only cancel.
create or replace function next_statuses(p_status text) returns text[]
language sql immutable
return case p_status
  when 'scheduled' then array['confirmed', 'checked_in', 'cancelled', 'no_show']
  when 'confirmed' then array['checked_in', 'cancelled', 'no_show']
  when 'checked_in' then array['in_progress', 'cancelled', 'no_show']
  when 'in_progress' then array['completed', 'checked_in']
  when 'no_show' then array['checked_in'] -- late, but here after all
  else array[]::text[]
end;

comment on function next_statuses(text) is 'Migration 093. The statuses that may follow one.';
revoke execute on function next_statuses(text) from public, anon;
grant execute on function next_statuses(text) to authenticated, service_role;

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

-- Returns the answer to a booking whose key was used before, or null if it was not. The same request gets the
-- appointment as it is now, whatever the clock and the calendar say by then.
create or replace function replay_booking(p_tenant_id text, p_actor uuid, p_idempotency_key text, p_request_hash text)
returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (select case
    when request_hash is distinct from p_request_hash then atomic_refusal('IDEMPOTENCY_KEY_REUSED')
    else jsonb_build_object(
      'success', true, 'replayed', true, 'appointment_id', id, 'start_time', start_time, 'end_time', end_time,
      'status', status, 'version', version
    )
  end
  from appointments
  where tenant_id = p_tenant_id and created_by = p_actor and idempotency_key = p_idempotency_key);
end
$$;

comment on function replay_booking(text, uuid, text, text) is
  'Migration 088. The answer to a booking whose key was used before.';
revoke execute on function replay_booking(text, uuid, text, text) from public, anon, authenticated, service_role;

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

-- Turns a walk-in client's record into the actor's: pets, appointments, history and cart move to the actor's id, and
-- the walk-in's profile is deleted. An actor who is new to the clinic gets a profile with the name that the clinic
-- knows; an existing profile only gets the email or phone that it lacks.
--
-- Success: success, client_id (the actor), pets, appointments, items (how many moved). The same actor may repeat the
-- call; for anyone else the link is LINK_USED.
create or replace function claim_client(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_actor uuid := v_caller.actor;
  v_link record;
  v_client profiles;
  v_id uuid;
  v_deleted_at timestamptz;
  v_pets integer;
  v_appointments integer;
  v_appointment_ids uuid[];
  v_items integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;

  v_link := open_link(p_tenant_id, 'claim', p_token, v_actor);
  if v_link.refusal is null and not v_link.is_replay then
    -- Lock every vet of the clinic, the client and the actor, in the order of their keys, then the link, as
    -- invite_client does. The vets' locks hold bookings back: one that is running holds its vet until it commits, and
    -- is seen below; a later one reads the pet's owner again. This happens once in a client's life and takes
    -- milliseconds.
    for v_id in
      select id from profiles where tenant_id = p_tenant_id and role in ('vet', 'admin')
      union select v_link.client_id
      union select v_actor
      order by 1
    loop
      perform from profiles where tenant_id = p_tenant_id and id = v_id for no key update;
    end loop;
    v_link := open_link(p_tenant_id, 'claim', p_token, v_actor, p_lock => true);
  end if;
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  if v_link.is_replay then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'client_id', v_actor, 'pets', 0, 'appointments', 0, 'items', 0
    );
  end if;

  select * into v_client from profiles where tenant_id = p_tenant_id and id = v_link.client_id;
  if v_client.deleted_at is not null or v_client.role <> 'owner' then
    return atomic_refusal('LINK_INVALID');
  end if;
  if has_account(v_client.id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;

  -- The actor may be using another link, or joining, at this moment: whichever comes second finds the profile.
  insert into profiles (tenant_id, id, role, full_name, email, phone)
  values (p_tenant_id, v_actor, 'owner', v_client.full_name, v_client.email, v_client.phone)
  on conflict (tenant_id, id) do nothing;
  select deleted_at into v_deleted_at from profiles where tenant_id = p_tenant_id and id = v_actor;
  -- A person whom the clinic has removed does not come back by a link.
  if v_deleted_at is not null then
    return atomic_refusal('FORBIDDEN');
  end if;
  update profiles set email = coalesce(email, v_client.email), phone = coalesce(phone, v_client.phone)
  where tenant_id = p_tenant_id and id = v_actor and (email is null or phone is null);

  -- The client's cart is locked by its row, which is made for the purpose: a first merge that is running has made one
  -- that cannot be seen yet.
  insert into carts (tenant_id, customer_id) values (p_tenant_id, v_client.id)
  on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
  select count(*) into v_items from cart_items where tenant_id = p_tenant_id and customer_id = v_client.id;
  if v_items > 0 then
    insert into carts (tenant_id, customer_id) values (p_tenant_id, v_actor)
    on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
    -- As in every merge: per line the larger quantity.
    insert into cart_items as i (tenant_id, customer_id, item_type, item_id, quantity, added_at)
    select tenant_id, v_actor, item_type, item_id, quantity, added_at
    from cart_items where tenant_id = p_tenant_id and customer_id = v_client.id
    on conflict (tenant_id, customer_id, item_type, item_id) do update
      set quantity = greatest(i.quantity, excluded.quantity);
  end if;
  delete from carts where tenant_id = p_tenant_id and customer_id = v_client.id;

  select count(*) into v_appointments
  from pets p join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
  where p.tenant_id = p_tenant_id and p.owner_id = v_client.id;
  update pets set owner_id = v_actor where tenant_id = p_tenant_id and owner_id = v_client.id;
  get diagnostics v_pets = row_count;
  begin
    update appointments set created_by = v_actor where tenant_id = p_tenant_id and created_by = v_client.id;
  exception
    -- A backend booked for the walk-in under a key that the actor has used, too. The actor's stays, for replays.
    when unique_violation then
      update appointments set created_by = v_actor, idempotency_key = null, request_hash = null
      where tenant_id = p_tenant_id and created_by = v_client.id;
  end;
  v_appointment_ids := array(
    select a.id
    from pets p join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
    where p.tenant_id = p_tenant_id and p.owner_id = v_actor
  );
  update appointment_events set actor_id = v_actor
  where tenant_id = p_tenant_id and appointment_id = any (v_appointment_ids) and actor_id = v_client.id;

  update profiles set deleted_at = now() where tenant_id = p_tenant_id and id = v_client.id;
  update links set used_at = now(), used_by = v_actor where tenant_id = p_tenant_id and id = v_link.id;
  return jsonb_build_object(
    'success', true, 'client_id', v_actor, 'pets', v_pets, 'appointments', v_appointments, 'items', v_items
  );
end
$$;

comment on function claim_client(text, text, uuid) is
  'Migration 104. Turns a walk-in client''s record into the actor''s, or says why not.';
revoke execute on function claim_client(text, text, uuid) from public, anon;
grant execute on function claim_client(text, text, uuid) to authenticated, service_role;

-- Returns whether the actor is staff of this clinic and not deleted.
create or replace function is_clinic_staff(p_tenant_id text, p_actor uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from profiles
    where tenant_id = p_tenant_id and id = p_actor
      and role in ('receptionist', 'vet', 'admin') and deleted_at is null
  );
end
$$;

comment on function is_clinic_staff(text, uuid) is 'Migration 088. Staff of this clinic, and not deleted.';
revoke execute on function is_clinic_staff(text, uuid) from public, anon, authenticated, service_role;

-- Returns the clinics in which the user is staff.
create or replace function clinic_access.staff_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null and role in ('receptionist', 'vet', 'admin')
  );
end
$$;

comment on function clinic_access.staff_tenants() is 'Migration 097. The clinics in which the user is staff.';
revoke execute on function clinic_access.staff_tenants() from public, anon;
grant execute on function clinic_access.staff_tenants() to authenticated, service_role;

revoke all on appointments from public, anon, authenticated, service_role;
alter table appointments enable row level security;
-- Not granted: notes, which are the staff's and read by appointment_notes, and what replays of a booking compare. A
-- distributed database drops rights on columns from its shards, and then nobody reads the table there
-- (docs/decisions/032).
grant select (
  tenant_id, id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status, reason, created_by, version,
  created_at, updated_at, cancelled_at, cancellation_reason
) on appointments to authenticated;
grant select, insert, update, delete on appointments to service_role;

create policy appointments_backend on appointments to service_role using (true) with check (true);
create policy appointments_own on appointments for select to authenticated
  using (
    pet_id = any ((select clinic_access.own_pets())::uuid[])
    and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy appointments_staff on appointments for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy appointments_backend on appointments is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

revoke all on services from public, anon, authenticated, service_role;
alter table services enable row level security;
grant select on services to anon, authenticated;
grant insert (tenant_id, name, duration_minutes, buffer_minutes, price, is_active),
  update (name, duration_minutes, buffer_minutes, price, is_active, deleted_at) on services to authenticated;
grant select, insert, update, delete on services to service_role;

create policy services_backend on services to service_role using (true) with check (true);
create policy services_public on services for select to anon, authenticated using (is_active and deleted_at is null);
create policy services_staff on services for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy services_admin on services to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy services_backend on services is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

revoke all on tenants from public, anon, authenticated, service_role;
alter table tenants enable row level security;
grant select on tenants to anon, authenticated;
grant update (name, timezone, currency, locale, change_notice_minutes) on tenants to authenticated;
grant select, insert, update, delete on tenants to service_role;

create policy tenants_backend on tenants to service_role using (true) with check (true);
create policy tenants_public on tenants for select to anon, authenticated using (true);
create policy tenants_admin on tenants for update to authenticated
  using (id = any ((select clinic_access.admin_tenants())::text[]))
  with check (id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy tenants_backend on tenants is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- Makes the link of an invitation, which gives the person who accepts it a role. For admins.
--
-- Success: success, invite_id, token, role, expires_at.
create or replace function invite_staff(
  p_tenant_id text, p_role text, p_label text default null, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_label text := nullif(btrim(p_label), '');
  v_link record;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;
  if length(v_label) > 200 or not is_plain(v_label) then
    return atomic_refusal('INVALID_NAME');
  end if;
  v_link := make_link(
    p_tenant_id, 'invitation', v_caller.actor, interval '168 hours', p_role => p_role, p_label => v_label
  );
  return jsonb_build_object(
    'success', true, 'invite_id', v_link.id, 'token', v_link.token, 'role', p_role, 'expires_at', v_link.expires_at
  );
end
$$;

comment on function invite_staff(text, text, text, uuid) is
  'Migration 105. Makes the link of an invitation to the staff.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;

-- Gives one of the staff another role; 'owner' takes them off the staff, and leaves them what every client has. It
-- makes no one staff: that takes an invitation and its acceptance. For admins.
--
-- A vet who will no longer treat may have appointments ahead. Then the answer is HAS_APPOINTMENTS, with their number
-- and the ids of the next ones, and nothing has changed, so that they can be moved first. With p_keep_appointments the
-- role changes at once, and the appointments stay on the calendar until they are moved. No booking can come in between:
-- it waits for the vet's row and then finds no vet.
--
-- Success: success, profile_id, old_role, role, appointments (how many stay with them). The same role is a replay.
create or replace function set_staff_role(
  p_tenant_id text,
  p_profile_id uuid,
  p_role text,
  p_performed_by uuid default null,
  p_keep_appointments boolean default false
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_old_role text;
  v_id uuid;
  v_now timestamptz;
  v_left integer := 0;
  v_next jsonb;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('owner', 'receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;

  -- Every admin, including the actor, and the person whose role changes: another caller who does the same waits, and
  -- then counts the admins who are left. Otherwise the last two admins could demote each other.
  for v_id in
    select id from profiles
    where tenant_id = p_tenant_id and role = 'admin' and deleted_at is null and id <> p_profile_id
    union all select p_profile_id
    order by 1
  loop
    perform from profiles where tenant_id = p_tenant_id and id = v_id for no key update;
  end loop;
  if not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  select role into v_old_role from profiles
  where tenant_id = p_tenant_id and id = p_profile_id and role <> 'owner' and deleted_at is null;
  if v_old_role is null then
    return atomic_refusal('STAFF_NOT_FOUND');
  end if;
  if v_old_role = p_role then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'profile_id', p_profile_id, 'old_role', v_old_role, 'role', p_role,
      'appointments', 0
    );
  end if;
  if v_old_role = 'admin' and not exists (
    select from profiles
    where tenant_id = p_tenant_id and role = 'admin' and deleted_at is null and id <> p_profile_id
  ) then
    return atomic_refusal('LAST_ADMIN');
  end if;

  if v_old_role in ('vet', 'admin') and p_role not in ('vet', 'admin') then
    -- a variable, since no index is read from the result of a volatile function
    v_now := clock_timestamp();
    select count(*), coalesce(jsonb_agg(f.id order by f.start_time) filter (where f.n <= 50), '[]')
      into v_left, v_next
    from (
      select id, start_time, row_number() over (order by start_time) as n
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_profile_id
        and is_movable(status) and start_time > v_now
        and tstzrange(start_time, busy_until, '[)') && tstzrange(v_now, null)
    ) f;
    if v_left > 0 and not coalesce(p_keep_appointments, false) then
      return atomic_refusal('HAS_APPOINTMENTS')
        || jsonb_build_object('appointments', v_left, 'appointment_ids', v_next);
    end if;
  end if;

  update profiles set role = p_role where tenant_id = p_tenant_id and id = p_profile_id;
  return jsonb_build_object(
    'success', true, 'profile_id', p_profile_id, 'old_role', v_old_role, 'role', p_role, 'appointments', v_left
  );
end
$$;

comment on function set_staff_role(text, uuid, text, uuid, boolean) is
  'Migration 105. Gives one of the staff another role, or takes them off the staff, or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;

-- Replaces a vet's weekly hours by [{weekday 1..7, opens 'HH:MM', closes 'HH:MM' or '24:00'}]; a break is the time
-- between two rows. The week is written as a whole, under the vet's lock, so that two callers who save at once leave
-- one of the two weeks, and not the rows of both. For admins.
--
-- Success: success, vet_id, hours (how many rows).
create or replace function set_vet_hours(
  p_tenant_id text, p_vet_id uuid, p_hours jsonb, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_problem text;
  v_count integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_problem := invalid_hours(p_hours);
  if v_problem is not null then
    return atomic_refusal('INVALID_HOURS', v_problem);
  end if;

  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and role in ('vet', 'admin') and deleted_at is null
  for no key update;
  if not found then
    return atomic_refusal('VET_NOT_FOUND');
  end if;
  if not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  delete from vet_hours where tenant_id = p_tenant_id and vet_id = p_vet_id;
  insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
  select p_tenant_id, p_vet_id, (item ->> 'weekday')::integer, (item ->> 'opens')::time, (item ->> 'closes')::time
  from jsonb_array_elements(p_hours) item;
  get diagnostics v_count = row_count;
  return jsonb_build_object('success', true, 'vet_id', p_vet_id, 'hours', v_count);
end
$$;

comment on function set_vet_hours(text, uuid, jsonb, uuid) is 'Migration 105. Replaces a vet''s weekly hours.';
revoke execute on function set_vet_hours(text, uuid, jsonb, uuid) from public, anon;
grant execute on function set_vet_hours(text, uuid, jsonb, uuid) to authenticated, service_role;

-- Appointments with what may be done with them now, by the same rules that the functions apply. Row-level security
-- gives readers the rows that they may read in the table.
create or replace view appointment_states with (security_invoker) as
select a.tenant_id, a.id, a.pet_id, a.service_id, a.vet_id, a.start_time, a.end_time, a.busy_until, a.status, a.version,
  a.reason, a.cancellation_reason, a.updated_at, t.timezone, t.currency,
  is_movable(a.status) as staff_can_move,
  is_movable(a.status) and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_move,
  'cancelled' = any (next_statuses(a.status)) as staff_can_cancel,
  'cancelled' = any (next_statuses(a.status))
    and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_cancel,
  next_statuses(a.status) as next_statuses,
  a.status in ('scheduled', 'confirmed', 'checked_in', 'in_progress') and a.end_time > now() as is_upcoming
from appointments a
join tenants t on t.id = a.tenant_id;

comment on view appointment_states is 'Migration 097. Appointments with what may be done with them now.';
revoke all on appointment_states from public, anon, authenticated, service_role;
grant select on appointment_states to authenticated, service_role;

-- Returns whether an appointment may start at this time, as of now. Staff may record a walk-in who came some minutes
-- ago.
create or replace function is_bookable_time(p_start_time timestamptz, p_as_staff boolean) returns boolean
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  return coalesce(
    isfinite(p_start_time)
      and p_start_time < timestamptz '3000-01-01 00:00:00Z'
      and p_start_time > clock_timestamp() - case when p_as_staff then interval '30 minutes' else interval '0' end,
    false
  );
end
$$;

comment on function is_bookable_time(timestamptz, boolean) is
  'Migration 088. In the future, or just past for staff, and before the year 3000.';
revoke execute on function is_bookable_time(timestamptz, boolean) from public, anon, authenticated, service_role;

-- Returns whether another active appointment of this vet overlaps [p_start, p_busy_until). Called while the vet is
-- locked.
--
-- Active appointments of one vet never overlap (the constraint of 091), so among those that begin before p_busy_until
-- the last one is also the last to end, and one row of the index is enough. If the constraint was dropped and plain
-- writers made overlaps, a longer appointment behind a later one is not seen.
--
-- No appointment is longer than 24 hours (a check of the table), so none that began earlier matters. The bound is there
-- twice, as a start and as a range, for the two indexes by vet: whichever the planner takes, it reads a day and not the
-- vet's history.
create or replace function slot_is_taken(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return coalesce(
    (
      select busy_until > p_start
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id
        and status not in ('cancelled', 'no_show')
        and start_time > p_start - interval '24 hours' and start_time < p_busy_until
        and tstzrange(start_time, busy_until, '[)') && tstzrange(p_start - interval '24 hours', p_busy_until)
        and id is distinct from p_except_id
      order by start_time desc
      limit 1
    ),
    false
  );
end
$$;

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 091. Whether another active appointment overlaps.';
revoke execute on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;

-- Returns whether any time off of this vet overlaps [p_start, p_busy_until). Every time off ends by infinity; but of a
-- range that has one end only the planner expects a third of the table, and reads all of it.
create or replace function vet_is_away(p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz)
returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from vet_time_off
    where tenant_id = p_tenant_id and vet_id = p_vet_id and end_time > p_start and end_time <= 'infinity'
      and start_time < p_busy_until
  );
end
$$;

comment on function vet_is_away(text, uuid, timestamptz, timestamptz) is 'Migration 088. Whether time off overlaps.';
revoke execute on function vet_is_away(text, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;

drop function if exists set_service_vets(text,uuid,uuid[],uuid);
drop function if exists has_calendar(text);
drop function if exists squeeze_ins_are_full(text,uuid,timestamp with time zone,uuid);
drop function if exists slot_refusals(text,uuid,uuid,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,text,boolean,uuid,integer,uuid);
drop function if exists set_appointment_service();
drop function if exists move_answer(uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,uuid,text,integer,numeric,text);
drop function if exists may_cancel(timestamp with time zone,timestamp with time zone,integer,integer,timestamp with time zone);
drop function if exists lock_new_owner(text,uuid);
drop function if exists lock_clinic_calendars();
drop function if exists judge_slot(text[],text[]);
drop function if exists is_open_status(text,timestamp with time zone,timestamp with time zone);
drop function if exists is_active_status(text,timestamp with time zone,timestamp with time zone);
drop function if exists drop_expired_holds(text,uuid,timestamp with time zone,timestamp with time zone,uuid);
drop function if exists check_overrides(text[],text);
drop function if exists check_booking_time(timestamp with time zone,boolean,integer,integer,text,timestamp with time zone);
drop function if exists booking_answer(uuid,timestamp with time zone,timestamp with time zone,text,timestamp with time zone,integer,numeric,text);
drop function if exists remove_clinic_closure(text,uuid,uuid);
drop function if exists explain_slot(text,uuid,uuid,timestamp with time zone,uuid,integer,uuid,uuid);
drop function if exists add_clinic_closure(text,timestamp without time zone,timestamp without time zone,text,uuid,text);

commit;
