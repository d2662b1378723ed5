-- 088: book_appointment_atomic, the index that its conflict check reads, and the helpers that 088 to 090 share.
--
-- The race that ends: two callers ask whether a slot is free, both see that it is, and both insert. An empty slot has
-- no row to lock, so every booking locks the vet's profile row. The second caller waits, and then checks what has been
-- committed meanwhile.
--
-- Additive: it alters no table. It may run again, from any client, and commits as a whole or not at all.

begin;
set local search_path = public, pg_temp;

do $$
declare
  v_missing text;
begin
  -- with their schema, because it is not known yet who has made functions in public
  select pg_catalog.string_agg(wanted, ', ') into v_missing
  from pg_catalog.unnest(array['anon', 'authenticated', 'service_role']) wanted
  where not exists (select from pg_roles where rolname = wanted);
  if v_missing is not null then
    raise exception 'Roles are missing: %.', v_missing
      using hint = 'As a user with CREATEROLE, run "create role <name> nologin noinherit;" for each.';
  end if;
end
$$;

-- Tables that 000 did not make have not been through its check.
-- prisma/sql/migrations/refuse_open_schema.sql
-- Raises if anybody but the functions' owner can make objects in public, or has made one there that a call could mean.
-- Functions that are security definer look names up in public, and PostgreSQL prefers what fits a call best: anyone who
-- may create a function, an operator or a type there can have it run with the owner's rights.
--
-- Superusers, members of the owner and the schema's own owner could have these rights anyway.
create or replace function refuse_open_schema() returns void
language plpgsql volatile
-- not public: this function runs before it is known who has made what there
set search_path = pg_catalog, pg_temp
as $$
declare
  v_schema oid;
  v_owners oid[];
  v_open text;
  v_foreign text;
begin
  select n.oid, array[n.nspowner, case when n.nspowner = 'pg_database_owner'::regrole then d.datdba else n.nspowner end]
    into v_schema, v_owners
  from pg_namespace n, pg_database d
  where n.nspname = 'public'::name and d.datname = current_database();

  -- Databases that are older than PostgreSQL 15 let everybody. If another role owns the schema, this does nothing.
  if exists (
    select from pg_namespace n, aclexplode(n.nspacl) a
    where n.oid = v_schema and a.grantee = 0::oid and a.privilege_type = 'CREATE'::text
  ) then
    revoke create on schema public from public;
  end if;
  select string_agg(case a.grantee when 0::oid then 'public'::text else a.grantee::regrole::text end, ', '::text)
    into v_open
  from pg_namespace n, aclexplode(n.nspacl) a
  where n.oid = v_schema and a.privilege_type = 'CREATE'::text
    and (a.grantee = 0::oid or not (a.grantee = any (v_owners) or pg_has_role(a.grantee, current_user, 'member'::text)));
  if v_open is not null then
    raise exception 'Others may make objects in the schema public: %.', v_open
      using hint = format('As the schema''s owner run: revoke create on schema public from %s;', v_open);
  end if;

  select string_agg(o.what, '; '::text order by o.what) into v_foreign
  from (
    select format('function %s of %s'::text, p.oid::regprocedure, p.proowner::regrole) as what, p.proowner as owner
    from pg_proc p where p.pronamespace = v_schema
    union all
    select format('operator %s of %s'::text, o.oid::regoperator, o.oprowner::regrole), o.oprowner
    from pg_operator o where o.oprnamespace = v_schema
    union all
    select format('type %s of %s'::text, t.oid::regtype, t.typowner::regrole), t.typowner
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typnamespace = v_schema and t.typelem = 0::oid and (c.oid is null or c.relkind = 'c'::"char")
  ) o
  where not (o.owner = any (v_owners) or pg_has_role(o.owner, current_user, 'member'::text));
  if v_foreign is not null then
    raise exception 'The schema public holds what others have made: %.', v_foreign
      using hint = 'A call may mean these instead of PostgreSQL''s own. Drop them, or move them to another schema.';
  end if;
end
$$;

comment on function refuse_open_schema() is 'Migration 088. Raises if others can make objects in public.';
revoke execute on function refuse_open_schema() from public, anon, authenticated, service_role;
-- prisma/sql ends

select refuse_open_schema();

-- prisma/sql/migrations/refuse_downgrade.sql
-- Raises if any of these functions comes from a newer migration, by the number in its comment: an older file that is
-- run again would bring the older function back. Each migration that makes functions starts with it.
create or replace function refuse_downgrade(p_migration integer, p_functions text[]) returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_newer record;
begin
  select p.proname, stamp.migration into v_newer
  from pg_proc p
  cross join lateral (
    select substring(obj_description(p.oid, 'pg_proc') from '^Migration (\d+)\.')::integer as migration
  ) stamp
  where p.pronamespace in (select oid from pg_namespace where nspname in ('public', 'clinic_access', 'login'))
    and p.proname = any (p_functions) and stamp.migration > p_migration
  order by stamp.migration desc
  limit 1;
  if found then
    raise exception '% comes from migration %, which is newer than %: nothing was changed.',
        v_newer.proname, lpad(v_newer.migration::text, 3, '0'), lpad(p_migration::text, 3, '0')
      using hint = 'The newer function already does what the older file brings; there is nothing to run.';
  end if;
end
$$;

comment on function refuse_downgrade(integer, text[]) is
  'Migration 088. Raises if one of these functions comes from a newer migration.';
revoke execute on function refuse_downgrade(integer, text[]) from public, anon, authenticated, service_role;
-- prisma/sql ends

select refuse_downgrade(88, array[
  'refuse_open_schema', 'refuse_downgrade', 'refuse_isolation', 'atomic_refusal', 'request_actor', 'clinic_caller', 'is_clinic_staff', 'zone_offsets',
  'vet_open_ranges', 'vet_is_open', 'vet_is_away', 'slot_is_taken', 'replay_booking', 'is_bookable_time',
  'check_booking', 'book_appointment_atomic'
]);

-- The first version of this function, with nine arguments, failed on every call. Beside the new one it would make a
-- call with nine arguments ambiguous. "drop function if exists" would raise a notice.
do $$
begin
  if to_regprocedure(
    'book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid)'
  ) is not null then
    drop function book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid);
  end if;
end
$$;

-- A build by "create index concurrently" that was interrupted leaves an invalid index, which "if not exists" would accept.
do $$
begin
  if exists (select from pg_index where indexrelid = to_regclass('public.idx_appointments_vet_time_status') and not indisvalid) then
    drop index public.idx_appointments_vet_time_status;
  end if;
end
$$;
create index if not exists idx_appointments_vet_time_status
  on appointments (tenant_id, vet_id, start_time, end_time, status)
  where status not in ('cancelled', 'no_show');

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

-- prisma/sql/identity/request_actor.sql
-- Returns the user of the request's claims, or null if there are no claims, they are not a JSON object, or their sub is
-- not a uuid. It never raises, because a client may send anything.
create or replace function request_actor() returns uuid
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_claims text := current_setting('request.jwt.claims', true);
  v_sub text;
begin
  if v_claims is null or v_claims = '' then
    return null;
  end if;
  begin
    v_sub := v_claims::json ->> 'sub';
  exception
    when data_exception or statement_too_complex then
      return null;
  end;
  if v_sub ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    return v_sub::uuid;
  end if;
  return null;
end
$$;

comment on function request_actor() is 'Migration 088. The user of request.jwt.claims, or null.';
revoke execute on function request_actor() from public, anon, authenticated, service_role;

-- prisma/sql/identity/clinic_caller.sql
-- Returns whether this caller may act as p_id, and who the actor is. Called from security definer functions, in which
-- current_user is the functions' owner, but the role setting is still the caller's.
--
-- A trusted caller is a backend, or the database's owner at a prompt: p_id is believed, and null stays null. For anyone
-- else the actor is the user of the claims, and p_id may only repeat it.
create or replace function clinic_caller(p_id uuid, out allowed boolean, out trusted boolean, out actor uuid)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_role name := coalesce(nullif(current_setting('role'), 'none'), session_user);
  -- the caller's: security definer does not change this setting
  v_superuser boolean := current_setting('is_superuser')::boolean;
  v_sub uuid;
begin
  -- A superuser is a member of every role, and could then never try what a user sees; so its claims count. The literals
  -- have types, so that no other pg_has_role can fit the call better (docs/decisions/031).
  trusted := v_role = 'service_role'
    or (
      v_role not in ('authenticated', 'anon') and not v_superuser
      and pg_has_role(v_role, 'service_role'::name, 'member'::text)
    );
  if not trusted then
    v_sub := request_actor();
    if v_sub is not null then
      allowed := p_id is null or p_id = v_sub;
      actor := case when allowed then v_sub end;
      return;
    end if;
    trusted := coalesce(current_setting('request.jwt.claims', true), '') = ''
      and (v_superuser or v_role = current_user);
  end if;
  allowed := trusted;
  actor := case when trusted then p_id end;
end
$$;

comment on function clinic_caller(uuid) is 'Migration 088. Who is calling, and whether they may act as this id.';
revoke execute on function clinic_caller(uuid) from public, anon, authenticated, service_role;

-- prisma/sql/identity/is_clinic_staff.sql
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

-- prisma/sql/availability/zone_offsets.sql
-- Returns the offsets from UTC that a zone has between two instants, each with the range in which it holds. Wall times
-- are turned into instants one offset at a time, so that an hour that the clocks skip is in no range, and an hour that
-- they repeat is in two. A change is found by bisecting the day that it is in; no zone changes twice in 24 hours.
create or replace function zone_offsets(p_timezone text, p_from timestamptz, p_to timestamptz)
returns table (utc_offset interval, during tstzrange)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_since timestamptz := p_from;
  v_at timestamptz := p_from;
  v_next timestamptz;
  v_next_offset interval;
  v_before bigint;
  v_after bigint;
  v_middle bigint;
begin
  utc_offset := (v_at at time zone p_timezone) - (v_at at time zone 'UTC');
  while v_at < p_to loop
    v_next := least(v_at + interval '24 hours', p_to);
    v_next_offset := (v_next at time zone p_timezone) - (v_next at time zone 'UTC');
    if v_next_offset <> utc_offset then
      v_before := floor(extract(epoch from v_at));
      v_after := ceil(extract(epoch from v_next));
      while v_after - v_before > 1 loop
        v_middle := (v_before + v_after) / 2;
        if (to_timestamp(v_middle) at time zone p_timezone) - (to_timestamp(v_middle) at time zone 'UTC')
          = utc_offset
        then
          v_before := v_middle;
        else
          v_after := v_middle;
        end if;
      end loop;
      during := tstzrange(v_since, to_timestamp(v_after));
      return next;
      v_since := to_timestamp(v_after);
      utc_offset := v_next_offset;
    end if;
    v_at := v_next;
  end loop;
  during := tstzrange(v_since, p_to);
  return next;
end
$$;

comment on function zone_offsets(text, timestamptz, timestamptz) is
  'Migration 088. A zone''s offsets from UTC between two instants.';
revoke execute on function zone_offsets(text, timestamptz, timestamptz) from public, anon, authenticated, service_role;

-- prisma/sql/availability/vet_open_ranges.sql
-- Returns the ranges within [p_from, p_to) in which these vets are open: one for each row of vet_hours on each of the
-- clinic's days, two if the clocks change inside it.
create or replace function vet_open_ranges(
  p_tenant_id text, p_vet_ids uuid[], p_from timestamptz, p_to timestamptz, p_timezone text
) returns table (vet_id uuid, hours_id uuid, day date, during tstzrange)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
  select h.vet_id, h.id, d.day, o.during
  from zone_offsets(p_timezone, p_from, p_to) z
  cross join lateral (
    select first.day + n as day
    from (select (p_from at time zone p_timezone)::date as day, (p_to at time zone p_timezone)::date as last_day) first
    cross join lateral generate_series(0, first.last_day - first.day) n
  ) d
  join vet_hours h
    on h.tenant_id = p_tenant_id and h.vet_id = any (p_vet_ids) and h.weekday = extract(isodow from d.day)
  cross join lateral (
    select z.during * tstzrange(
      (d.day + h.opens - z.utc_offset) at time zone 'UTC',
      (d.day + h.closes - z.utc_offset) at time zone 'UTC'
    ) as during
  ) o
  where not isempty(o.during);
end
$$;

comment on function vet_open_ranges(text, uuid[], timestamptz, timestamptz, text) is
  'Migration 088. The hours of vets as ranges of instants.';
revoke execute on function vet_open_ranges(text, uuid[], timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role;

-- prisma/sql/availability/vet_is_open.sql
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

-- prisma/sql/availability/vet_is_away.sql
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

-- prisma/sql/booking/slot_is_taken.sql
-- Returns whether another active appointment of this vet overlaps [p_start, p_busy_until). Called while the vet is
-- locked. No appointment is longer than 24 hours (a check of the table), so the scan reads one day of the index and not
-- the vet's history.
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

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 088. Whether another active appointment overlaps.';
revoke execute on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;

-- prisma/sql/booking/replay_booking.sql
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

-- prisma/sql/booking/is_bookable_time.sql
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

-- prisma/sql/booking/check_booking.sql
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

-- prisma/sql/booking/refuse_isolation.sql
-- Raises, in place of an answer. A function that decides after it waited for a lock has to see what was committed
-- meanwhile. Under "repeatable read" and "serializable" each statement sees what the transaction's first one saw; only a
-- change of the locked row itself would be noticed, and time off or a booking changes other rows.
create or replace function refuse_isolation() returns jsonb
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  raise exception 'This function must run under "read committed", not "%".', current_setting('transaction_isolation')
    using errcode = '25001', hint = 'set transaction isolation level read committed;';
end
$$;

comment on function refuse_isolation() is 'Migration 088. Raises: another isolation level would not see what a wait brought.';
revoke execute on function refuse_isolation() from public, anon, authenticated, service_role;

-- prisma/sql/booking/book_appointment_atomic.sql
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
-- prisma/sql ends

do $$
begin
  raise notice 'Atomic appointment booking migration complete';
end
$$;

commit;
