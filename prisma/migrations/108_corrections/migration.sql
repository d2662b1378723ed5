-- 108: every mistake of the day can be taken back: one step of an appointment's status on the clinic's same day; pet, service,
-- length and reason can be edited. Nobody is checked in, seen or missed on a day before the appointment's, and a visit that
-- is completed early frees the rest.
--
-- The race that ends: a step back, or an edit that takes more time, wants a time that somebody else books at that moment; it
-- locks the vet and the owner, as a booking does.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(108, array[
  'atomic_refusal', 'change_appointment_status_atomic', 'check_status_change', 'raise_appointment_version',
  'record_appointment_event', 'set_appointment_busy_until', 'booked_end', 'edit_appointment_atomic',
  'edited_appointment', 'invalid_appointment_changes', 'status_before'
]);

drop function if exists check_status_change(text,text,timestamp with time zone,integer,text,text,integer,timestamp with time zone);

-- prisma/sql/booking/atomic_refusal.sql
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
      when 'INVALID_CHANGES' then 'Los cambios de la cita no son válidos'
      when 'INVALID_TRANSITION' then 'La cita no puede pasar a ese estado'
      when 'TOO_EARLY' then 'La cita es de otro día: todavía no puede pasar a ese estado'
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

comment on function atomic_refusal(text, text) is 'Migration 108. The JSON of an expected refusal: code and sentence.';
revoke execute on function atomic_refusal(text, text) from public, anon, authenticated, service_role;

-- prisma/sql/booking/booked_end.sql
-- Returns when an appointment that is completed was to end before it was completed, or null if that is not known.
create or replace function booked_end(p_tenant_id text, p_appointment_id uuid) returns timestamptz
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select (e.details -> 'from' ->> 'end_time')::timestamptz
    from appointment_events e
    where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
      and e.details -> 'to' ->> 'status' = 'completed'
    order by e.at desc, e.id
    limit 1
  );
end
$$;

comment on function booked_end(text, uuid) is 'Migration 108. When a completed appointment was to end.';
revoke execute on function booked_end(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/booking/change_appointment_status_atomic.sql
-- Changes an appointment's status. Staff may make every change that next_statuses allows, and take the last one back on the
-- clinic's same day; a pet owner may cancel. p_tenant_id: an appointment of another clinic is NOT_FOUND.
--
-- Completing a visit early frees the rest: it ends now, rounded up to 5 minutes, and keeps its buffer. Taking that back
-- gives it the length that was booked, if that is still free, and otherwise leaves the shorter one.
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
  v_owner_id uuid;
  v_access text;
  v_check record;
  v_refusal text;
  v_refusals text[];
  v_old_status text;
  v_takes_slot boolean;
  v_end_time timestamptz;
  v_busy_until timestamptz;
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
    v_check := check_status_change(
      v_appointment.tenant_id, v_appointment.id, v_appointment.status, v_appointment.start_time, v_appointment.version,
      v_access, p_new_status, p_expected_version, v_appointment.created_at
    );
    if v_check.refusal is not null then
      return atomic_refusal(v_check.refusal);
    end if;
    -- Only a change that takes a time again needs the locks of the vet and the owner: a no-show who comes after all, a hold,
    -- which may have expired, and what staff take back. Which change it is is known before the locks, so these rows can be
    -- locked before the appointment, as everywhere.
    v_takes_slot := p_new_status <> all (array['cancelled', 'no_show'])
      and v_appointment.status in ('cancelled', 'no_show', 'held', 'completed');
    if v_takes_slot then
      select owner_id into v_owner_id from pets
      where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
      perform from profiles
      where tenant_id = v_appointment.tenant_id and id in (v_vet_id, v_owner_id)
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
  end if;

  if v_appointment.status = p_new_status then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'appointment_id', v_appointment.id,
      'old_status', v_appointment.status, 'status', v_appointment.status, 'version', v_appointment.version
    );
  end if;

  v_check := check_status_change(
    v_appointment.tenant_id, v_appointment.id, v_appointment.status, v_appointment.start_time, v_appointment.version,
    v_access, p_new_status, p_expected_version, v_appointment.created_at
  );
  if v_check.refusal is not null then
    return atomic_refusal(v_check.refusal);
  end if;
  v_end_time := v_appointment.end_time;
  v_busy_until := v_appointment.busy_until;
  if p_new_status <> all (array['cancelled', 'no_show'])
    and v_appointment.status in ('cancelled', 'no_show', 'held', 'completed')
  then
    -- another caller gave it to a vet, or brought it to a status, for which this call holds no lock
    if v_appointment.vet_id <> v_vet_id or not v_takes_slot then
      return atomic_refusal('STALE_VERSION');
    end if;
    if v_appointment.status = 'completed' then
      v_end_time := greatest(v_end_time, booked_end(v_appointment.tenant_id, v_appointment.id));
      v_busy_until := v_end_time
        + make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
    end if;
    v_refusals := slot_refusals(
      v_appointment.tenant_id, v_vet_id, v_appointment.service_id, v_appointment.pet_id, v_appointment.start_time,
      v_end_time, v_busy_until, null, true, p_except_id => v_appointment.id
    );
    if v_appointment.status = 'completed' then
      -- its own time was never given away, only what it freed may be
      if v_refusals && array['VET_AWAY', 'PET_BUSY', 'SLOT_UNAVAILABLE'] then
        v_end_time := v_appointment.end_time;
        v_busy_until := v_appointment.busy_until;
      end if;
    else
      v_refusal := case
        -- a patient who is there is seen, whatever else was planned by now
        when 'VET_AWAY' = any (v_refusals) and p_new_status <> 'checked_in' then 'VET_AWAY'
        when 'PET_BUSY' = any (v_refusals) and p_new_status <> 'checked_in'
          and 'pet_busy' <> all (coalesce(v_appointment.overrides, '{}')) then 'PET_BUSY'
        when 'SLOT_UNAVAILABLE' = any (v_refusals) and not v_appointment.squeeze_in then 'SLOT_UNAVAILABLE'
      end;
      if v_refusal is not null then
        return atomic_refusal(v_refusal);
      end if;
      perform drop_expired_holds(
        v_appointment.tenant_id, v_vet_id, v_appointment.start_time, v_busy_until, v_appointment.id
      );
    end if;
  elsif p_new_status = 'completed' then
    v_end_time := least(
      v_end_time,
      greatest(
        v_appointment.start_time + interval '5 minutes',
        to_timestamp(ceil(extract(epoch from clock_timestamp()) / 300) * 300)
      )
    );
    v_busy_until := v_end_time
      + make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
  end if;

  v_old_status := v_appointment.status;
  begin
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set status = p_new_status,
        end_time = v_end_time,
        busy_until = v_busy_until,
        cancelled_at = v_cancelled_at,
        cancellation_reason = case when p_new_status = 'cancelled' then p_reason end,
        version = version + 1,
        updated_at = now()
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id
    returning * into v_appointment;
  exception
    -- A writer that takes no lock may have taken the time.
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
  'Migration 108. Changes an appointment''s status, or says why not.';
revoke execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  from public, anon;
grant execute on function change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text)
  to authenticated, service_role;

-- prisma/sql/booking/check_status_change.sql
-- Returns what keeps an appointment from taking the new status: an error code or null. is_back: staff take the last step
-- back.
create or replace function check_status_change(
  p_tenant_id text, p_appointment_id uuid, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_status text, p_expected_version integer, p_booked_at timestamptz,
  out refusal text, out is_back boolean
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_clinic record;
  v_is_next boolean := p_new_status = any (next_statuses(p_status));
begin
  select timezone, change_notice_minutes, grace_minutes into v_clinic from tenants where id = p_tenant_id;
  -- from "with the vet" to the waiting room is a step that is always possible, and a step back
  is_back := p_access = 'staff' and coalesce(
    p_new_status = status_before(p_tenant_id, p_appointment_id, p_status, v_clinic.timezone, v_now), false
  );
  refusal := case
    when p_new_status is null or not (v_is_next or is_back) or (p_access = 'owner' and p_new_status <> 'cancelled')
      then 'INVALID_TRANSITION'
    when p_version <> p_expected_version then 'STALE_VERSION'
    -- Nobody comes, is seen or is missed on a day before the appointment's.
    when p_new_status in ('checked_in', 'in_progress', 'completed', 'no_show') and not is_back
      and (p_start_time at time zone v_clinic.timezone)::date > (v_now at time zone v_clinic.timezone)::date
      then 'TOO_EARLY'
    -- no one has missed an appointment before it starts
    when p_new_status = 'no_show' and p_start_time > v_now and not is_back then 'INVALID_TRANSITION'
    when p_access = 'owner' and not may_cancel(
      p_start_time, p_booked_at, v_clinic.change_notice_minutes, v_clinic.grace_minutes, v_now
    ) then 'TOO_LATE'
  end;
end
$$;

comment on function check_status_change(
  text, uuid, text, timestamptz, integer, text, text, integer, timestamptz
) is 'Migration 108. What keeps an appointment from taking a status.';
revoke execute on function check_status_change(
  text, uuid, text, timestamptz, integer, text, text, integer, timestamptz
) from public, anon, authenticated, service_role;

-- prisma/sql/booking/edit_appointment_atomic.sql
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
  'Migration 108. Corrects an appointment''s pet, service, length or reason, or says why not.';
revoke execute on function edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text) from public, anon;
grant execute on function edit_appointment_atomic(uuid, jsonb, uuid, boolean, integer, text)
  to authenticated, service_role;

-- prisma/sql/booking/edited_appointment.sql
-- Returns what an appointment would be after these changes, or what keeps it from being edited, apart from the calendar.
-- Called before the locks, so that hopeless calls take none, and again behind them.
--
-- refusal: an error code; if it is null, the other results are set. needs_time: whether the calendar has to be asked,
-- because the vet is busy longer or with another pet or service.
create or replace function edited_appointment(
  p_tenant_id text, p_changes jsonb, p_status text, p_version integer, p_pet_id uuid, p_service_id uuid,
  p_start_time timestamptz, p_end_time timestamptz, p_busy_until timestamptz, p_reason text, p_access text,
  p_expected_version integer,
  out refusal text, out is_changed boolean, out is_other_service boolean, out needs_time boolean, out pet_id uuid,
  out service_id uuid, out end_time timestamptz, out busy_until timestamptz, out reason text, out price numeric,
  out currency text, out service_name text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_service record;
  v_clinic record;
  v_minutes integer := (p_changes ->> 'duration_minutes')::integer;
  v_length interval := make_interval(secs => extract(epoch from p_end_time - p_start_time)::float8);
  v_buffer interval := make_interval(secs => extract(epoch from p_busy_until - p_end_time)::float8);
begin
  pet_id := coalesce((p_changes ->> 'pet_id')::uuid, p_pet_id);
  service_id := coalesce((p_changes ->> 'service_id')::uuid, p_service_id);
  reason := case when p_changes ? 'reason' then nullif(btrim(p_changes ->> 'reason'), '') else p_reason end;
  is_other_service := service_id <> p_service_id;
  if is_other_service then
    select s.duration_minutes, s.buffer_minutes, s.price, s.name, t.currency into v_service
    from services s join tenants t on t.id = s.tenant_id
    where s.tenant_id = p_tenant_id and s.id = edited_appointment.service_id and s.is_active and s.deleted_at is null;
    price := v_service.price;
    currency := v_service.currency;
    service_name := v_service.name;
    v_length := make_interval(mins => v_service.duration_minutes);
    v_buffer := make_interval(mins => v_service.buffer_minutes);
  end if;
  if v_minutes is not null then
    v_length := make_interval(mins => v_minutes);
  end if;
  end_time := p_start_time + v_length;
  busy_until := end_time + v_buffer;
  is_changed := (pet_id, service_id, reason) is distinct from (p_pet_id, p_service_id, p_reason)
    or end_time is distinct from p_end_time;
  needs_time := is_changed and (pet_id <> p_pet_id or is_other_service or busy_until > p_busy_until);
  if not is_changed then
    return;
  end if;

  select change_notice_minutes into v_clinic from tenants where id = p_tenant_id;
  refusal := case
    when p_status in ('completed', 'cancelled', 'no_show') or (p_access = 'owner' and not is_movable(p_status))
      then 'INVALID_STATUS'
    when p_version <> p_expected_version then 'STALE_VERSION'
    when v_minutes not between 5 and 480 then 'INVALID_DURATION'
    when pet_id <> p_pet_id and not exists (
      select from pets p
      where p.tenant_id = p_tenant_id and p.id = edited_appointment.pet_id and p.deleted_at is null
    ) then 'PET_NOT_FOUND'
    when is_other_service and service_name is null then 'SERVICE_NOT_FOUND'
    when p_access = 'owner' and not keeps_notice(p_start_time, v_clinic.change_notice_minutes, clock_timestamp())
      then 'TOO_LATE'
  end;
end
$$;

comment on function edited_appointment(
  text, jsonb, text, integer, uuid, uuid, timestamptz, timestamptz, timestamptz, text, text, integer
) is 'Migration 108. What an appointment would be after an edit.';
revoke execute on function edited_appointment(
  text, jsonb, text, integer, uuid, uuid, timestamptz, timestamptz, timestamptz, text, text, integer
) from public, anon, authenticated, service_role;

-- prisma/sql/booking/invalid_appointment_changes.sql
-- Returns what is wrong with the changes of an edit, for people, or null: an object of at least one known key, whose ids
-- are ids, whose length is a whole number, and whose reason is a text of at most 2,000 characters, or null for none.
create or replace function invalid_appointment_changes(p_changes jsonb) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_key text;
  v_value jsonb;
begin
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes = '{}' then
    return 'ninguno';
  end if;
  for v_key, v_value in select * from jsonb_each(p_changes) loop
    if not (case
      when v_key in ('pet_id', 'service_id') then
        jsonb_typeof(v_value) = 'string' and v_value #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      when v_key = 'duration_minutes' then jsonb_typeof(v_value) = 'number' and v_value #>> '{}' ~ '^[0-9]{1,4}$'
      when v_key = 'reason' then
        jsonb_typeof(v_value) = 'null' or (jsonb_typeof(v_value) = 'string' and length(v_value #>> '{}') <= 2000)
      else false
    end) then
      return v_key;
    end if;
  end loop;
  return null;
end
$$;

comment on function invalid_appointment_changes(jsonb) is 'Migration 108. What is wrong with the changes of an edit.';
revoke execute on function invalid_appointment_changes(jsonb) from public, anon, authenticated, service_role;

-- prisma/sql/booking/raise_appointment_version.sql
-- The version counts the changes: it is one more than before, whatever the writer set. The functions that raise it
-- themselves arrive at the same number.
create or replace function raise_appointment_version() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  new.version := old.version;
  if (new.start_time, new.end_time, new.vet_id, new.status, new.pet_id, new.service_id, new.reason)
    is distinct from
    (old.start_time, old.end_time, old.vet_id, old.status, old.pet_id, old.service_id, old.reason)
  then
    new.version := old.version + 1;
    new.updated_at := now();
  end if;
  return new;
end
$$;

create or replace trigger appointments_version before update on appointments
  for each row execute function raise_appointment_version();

comment on function raise_appointment_version() is 'Migration 108. Trigger: the version counts the changes.';
revoke execute on function raise_appointment_version() from public, anon, authenticated, service_role;

-- prisma/sql/booking/record_appointment_event.sql
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

comment on function record_appointment_event() is 'Migration 108. Trigger: writes one event for each change.';
revoke execute on function record_appointment_event() from public, anon, authenticated, service_role;

-- prisma/sql/booking/set_appointment_busy_until.sql
-- Writers that do not know about buffers (old code, psql) set start and end alone: then the vet is busy until the end,
-- and a change of the end keeps the buffer's length. Who changes the service knows its buffer.
create or replace function set_appointment_busy_until() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.busy_until := coalesce(new.busy_until, new.end_time);
  elsif new.busy_until is not distinct from old.busy_until and new.service_id = old.service_id then
    -- in seconds: an interval that holds a day has another length across a change of the clocks
    new.busy_until := new.end_time + make_interval(secs => extract(epoch from old.busy_until - old.end_time)::float8);
  end if;
  return new;
end
$$;

create or replace trigger appointments_busy_until before insert or update of end_time on appointments
  for each row execute function set_appointment_busy_until();

comment on function set_appointment_busy_until() is
  'Migration 108. Trigger: busy_until follows end_time for writers that do not set it.';
revoke execute on function set_appointment_busy_until() from public, anon, authenticated, service_role;

-- prisma/sql/booking/status_before.sql
-- Returns what an appointment was before it got its present status, if that happened on the clinic's present day: where
-- one step back leads. Null if it cannot be taken back.
--
-- The event that led here is the last one that came from an earlier stage. Steps back are events, too, and would
-- otherwise lead forth again.
create or replace function status_before(
  p_tenant_id text, p_appointment_id uuid, p_status text, p_timezone text, p_at timestamptz
) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_earlier text[] := case p_status
    when 'checked_in' then array['scheduled', 'confirmed', 'no_show']
    when 'in_progress' then array['checked_in']
    when 'completed' then array['in_progress']
    when 'cancelled' then array['held', 'scheduled', 'confirmed', 'checked_in']
    when 'no_show' then array['scheduled', 'confirmed', 'checked_in']
    else array[]::text[]
  end;
  v_before text;
  v_at timestamptz;
begin
  select e.details -> 'from' ->> 'status', e.at into v_before, v_at
  from appointment_events e
  where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
    and e.details -> 'to' ->> 'status' = p_status and e.details -> 'from' ->> 'status' = any (v_earlier)
  order by e.at desc, e.id
  limit 1;
  return case when (v_at at time zone p_timezone)::date = (p_at at time zone p_timezone)::date then v_before end;
end
$$;

comment on function status_before(text, uuid, text, text, timestamptz) is
  'Migration 108. What an appointment was before its present status, if one step back leads there.';
revoke execute on function status_before(text, uuid, text, text, timestamptz) from public, anon;
grant execute on function status_before(text, uuid, text, text, timestamptz) to authenticated, service_role;

-- prisma/sql/booking/appointment_states.sql
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
  -- on a day before its own nobody comes and nobody is missed
  case
    when (a.start_time at time zone t.timezone)::date > (now() at time zone t.timezone)::date
      then array_remove(array_remove(next_statuses(s.status), 'checked_in'), 'no_show')
    else next_statuses(s.status)
  end as next_statuses,
  is_open_status(a.status, a.hold_expires_at, now()) and a.end_time > now() as is_upcoming,
  a.price, a.service_name, a.squeeze_in, a.overrides, a.hold_expires_at
from appointments a
join tenants t on t.id = a.tenant_id
-- a hold that has expired is no longer one, whether or not its row says so yet
cross join lateral (
  select case when is_active_status(a.status, a.hold_expires_at, now()) or a.status <> 'held' then a.status
    else 'cancelled' end as status
) s;

comment on view appointment_states is 'Migration 108. Appointments with what may be done with them now.';
revoke all on appointment_states from public, anon, authenticated, service_role;
grant select on appointment_states to authenticated, service_role;

-- prisma/sql ends

commit;
