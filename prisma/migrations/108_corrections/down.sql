-- Takes back 108. Lengths that were shortened stay.

begin;
set local search_path = public, pg_temp;

drop function if exists check_status_change(text,uuid,text,timestamp with time zone,integer,text,text,integer,timestamp with time zone);

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
      when 'TOO_SOON' then 'Ya no se puede reservar con tan poca anticipación'
      when 'TOO_FAR' then 'Todavía no se puede reservar para esa fecha'
      when 'VET_DOES_NOT_OFFER' then 'El profesional no realiza este servicio'
      when 'DESK_ONLY' then 'Este servicio se reserva solo con la clínica'
      when 'SERVICE_CHANGED' then 'La duración o el precio del servicio cambió: revise los datos e intente de nuevo'
      when 'CLINIC_CLOSED' then 'La clínica está cerrada en ese horario'
      when 'LIMIT_REACHED' then 'Ya tiene todas las citas pendientes que la clínica permite'
      when 'PET_BUSY' then 'La mascota ya tiene otra cita en ese horario'
      when 'REASON_REQUIRED' then 'Para encajar una cita hace falta un motivo'
      when 'SQUEEZE_INS_FULL' then 'En esa hora ya hay todas las citas encajadas que se permiten'
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

comment on function atomic_refusal(text, text) is 'Migration 107. The JSON of an expected refusal: code and sentence.';
revoke execute on function atomic_refusal(text, text) from public, anon, authenticated, service_role;

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
  'Migration 107. Changes an appointment''s status, or says why not.';
revoke execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  from public, anon;
grant execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  to authenticated, service_role;

-- Returns what keeps an appointment from taking the new status: an error code or null.
create or replace function check_status_change(
  p_tenant_id text, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_status text, p_expected_version integer, p_booked_at timestamptz
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
  v_grace integer;
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
    select change_notice_minutes, grace_minutes into v_notice, v_grace from tenants where id = p_tenant_id;
    if not may_cancel(p_start_time, p_booked_at, v_notice, v_grace, clock_timestamp()) then
      return 'TOO_LATE';
    end if;
  end if;
  return null;
end
$$;

comment on function check_status_change(text, text, timestamptz, integer, text, text, integer, timestamptz) is
  'Migration 107. What keeps an appointment from taking a status.';
revoke execute on function check_status_change(text, text, timestamptz, integer, text, text, integer, timestamptz)
  from public, anon, authenticated, service_role;

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
  v_actor uuid := coalesce(nullif(current_setting('vetcita.actor', true), '')::uuid, request_actor());
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
    new.start_time is distinct from old.start_time or new.vet_id is distinct from old.vet_id
    or new.status is distinct from old.status
  )
  execute function record_appointment_event();

comment on function record_appointment_event() is 'Migration 107. Trigger: writes one event for each change.';
revoke execute on function record_appointment_event() from public, anon, authenticated, service_role;

-- Writers that do not know about buffers (old code, psql) set start and end alone: then the vet is busy until the end,
-- and a change of the end keeps the buffer's length.
create or replace function set_appointment_busy_until() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.busy_until := coalesce(new.busy_until, new.end_time);
  elsif new.busy_until is not distinct from old.busy_until then
    -- in seconds: an interval that holds a day has another length across a change of the clocks
    new.busy_until := new.end_time + make_interval(secs => extract(epoch from old.busy_until - old.end_time)::float8);
  end if;
  return new;
end
$$;

create or replace trigger appointments_busy_until before insert or update of end_time on appointments
  for each row execute function set_appointment_busy_until();

comment on function set_appointment_busy_until() is
  'Migration 000. Trigger: busy_until follows end_time for writers that do not set it.';
revoke execute on function set_appointment_busy_until() from public, anon, authenticated, service_role;

-- Appointments with what may be done with them now, by the same rules that the functions apply. Row-level security
-- gives readers the rows that they may read in the table.
create or replace view appointment_states with (security_invoker) as
select a.tenant_id, a.id, a.pet_id, a.service_id, a.vet_id, a.start_time, a.end_time, a.busy_until, s.status, a.version,
  a.reason, a.cancellation_reason, a.updated_at, t.timezone, coalesce(a.currency, t.currency) as currency,
  is_movable(a.status) as staff_can_move,
  is_movable(a.status) and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_move,
  'cancelled' = any (next_statuses(s.status)) as staff_can_cancel,
  'cancelled' = any (next_statuses(s.status))
    and may_cancel(a.start_time, a.created_at, t.change_notice_minutes, t.grace_minutes, now()) as owner_can_cancel,
  next_statuses(s.status) as next_statuses,
  is_open_status(a.status, a.hold_expires_at, now()) and a.end_time > now() as is_upcoming,
  a.price, a.service_name, a.squeeze_in, a.overrides, a.hold_expires_at
from appointments a
join tenants t on t.id = a.tenant_id
-- a hold that has expired is no longer one, whether or not its row says so yet
cross join lateral (
  select case when is_active_status(a.status, a.hold_expires_at, now()) or a.status <> 'held' then a.status
    else 'cancelled' end as status
) s;

comment on view appointment_states is 'Migration 107. Appointments with what may be done with them now.';
revoke all on appointment_states from public, anon, authenticated, service_role;
grant select on appointment_states to authenticated, service_role;

drop function if exists status_before(text,uuid,text,text,timestamp with time zone);
drop function if exists invalid_appointment_changes(jsonb);
drop function if exists edited_appointment(text,jsonb,text,integer,uuid,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone,text,text,integer);
drop function if exists edit_appointment_atomic(uuid,jsonb,uuid,boolean,integer,text);
drop function if exists booked_end(text,uuid);

commit;
