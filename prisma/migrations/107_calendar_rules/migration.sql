-- 107: the calendar's rules at booking and moving: a pet is in one place, an owner has only so many open appointments,
-- lead and horizon, hours that are closed unless known, who does what, closed days, prices as booked, squeeze-ins, and
-- services that are held until the clinic answers.
--
-- The races that end: two vets get one pet at one time, and one owner more appointments than the clinic allows, because
-- two bookings for two vets held no lock in common. Both now lock the owner's profile row, too.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(107, array[
  'appointment_access', 'atomic_refusal', 'available_slots', 'book_appointment_atomic',
  'change_appointment_status_atomic', 'check_booking', 'check_move', 'check_status_change', 'claim_client',
  'staff_tenants', 'invite_staff', 'is_bookable_time', 'is_clinic_staff', 'lock_calendar_vets', 'next_statuses',
  'record_appointment_event', 'replay_booking', 'reschedule_appointment_atomic', 'set_staff_role', 'set_vet_hours',
  'slot_is_taken', 'vet_is_away', 'vet_is_open', 'add_clinic_closure', 'booking_answer', 'check_booking_time',
  'check_overrides', 'drop_expired_holds', 'explain_slot', 'has_calendar', 'is_active_status', 'is_open_status',
  'judge_slot', 'lock_clinic_calendars', 'lock_new_owner', 'may_cancel', 'move_answer', 'remove_clinic_closure',
  'set_appointment_service', 'set_service_vets', 'slot_refusals', 'squeeze_ins_are_full'
]);

-- The constraint leaves squeeze-ins aside from here on. Building it takes an exclusive lock on appointments: about 4 s for
-- 100,000 of them. On a big table, run it off-hours.
alter table appointments
  drop constraint if exists appointments_vet_no_overlap,
  add constraint appointments_vet_no_overlap
    exclude using gist (tenant_id with =, vet_id with =, tstzrange(start_time, busy_until, '[)') with &&)
    where (status not in ('cancelled', 'no_show') and not squeeze_in);

drop policy if exists tenants_admin on tenants;
drop policy if exists tenants_backend on tenants;
drop policy if exists tenants_public on tenants;
drop policy if exists services_admin on services;
drop policy if exists services_backend on services;
drop policy if exists services_public on services;
drop policy if exists services_staff on services;
drop policy if exists appointments_backend on appointments;
drop policy if exists appointments_own on appointments;
drop policy if exists appointments_staff on appointments;
revoke all on vet_services from public, anon, authenticated, service_role;
revoke all on tenants from public, anon, authenticated, service_role;
revoke all on services from public, anon, authenticated, service_role;
revoke all on clinic_closures from public, anon, authenticated, service_role;
revoke all on appointments from public, anon, authenticated, service_role;
drop function if exists reschedule_appointment_atomic(uuid,timestamp with time zone,uuid,boolean,uuid,integer,text);
drop function if exists check_status_change(text,text,timestamp with time zone,integer,text,text,integer);
drop function if exists check_booking(text,uuid,uuid,timestamp with time zone,integer,uuid,boolean,text);
drop function if exists book_appointment_atomic(text,uuid,uuid,uuid,timestamp with time zone,integer,text,text,uuid,text);

-- prisma/sql/availability/add_clinic_closure.sql
-- Closes the whole clinic from p_from to p_to, which are the clinic's wall clock: a holiday, a move. Appointments inside stay until the staff
-- move them; because the trigger locks every calendar, a list of them that is read in this transaction misses none. For
-- staff. Keys work as in create_client.
--
-- Success: success, closure_id, replayed.
create or replace function add_clinic_closure(
  p_tenant_id text, p_from timestamp, p_to timestamp, p_name text, p_performed_by uuid default null,
  p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_name text := btrim(p_name);
  v_id uuid := gen_random_uuid();
  v_timezone text;
  v_start timestamptz;
  v_end timestamptz;
  v_is_new boolean;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or not is_plain(v_name) then
    return atomic_refusal('INVALID_NAME');
  end if;
  select timezone into v_timezone from tenants where id = p_tenant_id;
  v_start := p_from at time zone v_timezone;
  v_end := p_to at time zone v_timezone;
  -- compared as instants: in the hour that the clocks skip, two wall times are one
  if not coalesce(v_start < v_end and v_start >= '1900-01-02 00:00Z' and v_end <= '3000-01-01 00:00Z', false) then
    return atomic_refusal('INVALID_TIME');
  end if;

  if p_idempotency_key is not null then
    v_id := request_uuid(
      'clinic closure', p_tenant_id, v_caller.actor::text, p_idempotency_key, extract(epoch from p_from)::text,
      extract(epoch from p_to)::text, v_name
    );
  end if;
  insert into clinic_closures (tenant_id, id, start_time, end_time, name)
  values (p_tenant_id, v_id, v_start, v_end, v_name)
  on conflict (tenant_id, id) do nothing;
  v_is_new := found;
  return jsonb_build_object('success', true, 'closure_id', v_id, 'replayed', not v_is_new);
end
$$;

comment on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text) is
  'Migration 107. Closes the whole clinic for a time, once for each key.';
revoke execute on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text) from public, anon;
grant execute on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text)
  to authenticated, service_role;

-- prisma/sql/availability/available_slots.sql
-- Returns the starts that a booking by a pet owner would be given now, in order of time. Another caller may take one
-- before the booking arrives; then the booking says so. Of several vets at one time the first is the one who should get
-- a booking with "anyone": who has the fewest booked minutes on that day of the clinic, and among equals the next in a
-- rotation over days and times. A pet's other appointments and the owner's limit are not known here.
--
-- p_from, p_to: dates of the clinic's, both included. start_time, end_time: instants. p_appointment_id: slots for a
-- move of this appointment, for its pet owner or staff. They have its length and buffer, leave it out of the
-- conflicts, and keep the pet's other appointments free; if a move would be refused, there are none.
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
  v_clinic record;
  v_service_id uuid := p_service_id;
  v_pet_id uuid;
  v_access text := 'owner';
  v_now timestamptz := clock_timestamp();
  v_earliest timestamptz := v_now;
  v_last_day date := date '3000-01-01';
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

  select * into v_clinic from tenants where id = p_tenant_id;
  v_timezone := v_clinic.timezone;
  if p_appointment_id is null then
    select make_interval(mins => duration_minutes), make_interval(mins => buffer_minutes) into v_length, v_buffer
    from services
    where tenant_id = p_tenant_id and id = p_service_id and is_active and deleted_at is null and booking <> 'desk';
  else
    select * into v_appointment from appointments where tenant_id = p_tenant_id and id = p_appointment_id;
    select c.allowed, c.trusted, c.actor into v_allowed, v_trusted, v_actor from clinic_caller(null) c;
    v_service_id := v_appointment.service_id;
    v_pet_id := v_appointment.pet_id;
    v_access := case
      when v_trusted or appointment_access(p_tenant_id, v_pet_id, v_actor, true) = 'staff' then 'staff'
      else appointment_access(p_tenant_id, v_pet_id, v_actor, false)
    end;
    if is_movable(v_appointment.status) and (
      v_access = 'staff'
      or (v_access = 'owner' and keeps_notice(v_appointment.start_time, v_clinic.change_notice_minutes, v_now))
    ) then
      v_length := make_interval(secs => extract(epoch from v_appointment.end_time - v_appointment.start_time)::float8);
      v_buffer := make_interval(secs => extract(epoch from v_appointment.busy_until - v_appointment.end_time)::float8);
    end if;
  end if;
  if v_timezone is null or v_length is null then
    return;
  end if;

  if v_access = 'owner' then
    v_earliest := v_now + make_interval(mins => v_clinic.book_lead_minutes);
    v_last_day := (v_now at time zone v_timezone)::date + v_clinic.book_horizon_days;
  end if;

  select array_agg(p.id order by p.id) into v_vet_ids
  from profiles p
  where p.tenant_id = p_tenant_id and p.role in ('vet', 'admin', 'assistant') and p.deleted_at is null
    and (p_vet_id is null or p.id = p_vet_id)
    and exists (select from vet_hours h where h.tenant_id = p_tenant_id and h.vet_id = p.id)
    and (
      not exists (select from vet_services s where s.tenant_id = p_tenant_id and s.service_id = v_service_id)
      or exists (
        select from vet_services s
        where s.tenant_id = p_tenant_id and s.service_id = v_service_id and s.vet_id = p.id
      )
    );
  -- No vet who does this has hours, as in a new clinic: there is nothing to offer, and no need to go through the days.
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
  booked as materialized (
    select a.vet_id, a.start_time, a.end_time, a.busy_until
    from appointments a
    where a.tenant_id = p_tenant_id and a.vet_id = any (v_vet_ids)
      and is_active_status(a.status, a.hold_expires_at, v_now)
      -- twice, for the two indexes by vet: see slot_refusals
      and a.start_time > v_from - interval '24 hours' and a.start_time < v_to
      and tstzrange(a.start_time, a.busy_until, '[)') && tstzrange(v_from - interval '24 hours', v_to)
      and a.id is distinct from p_appointment_id
  ),
  vet_calendar as materialized (
    select
      o.vet_id,
      range_agg(o.during) as open_during,
      (
        select coalesce(range_agg(b.during), '{}')
        from (
          select tstzrange(a.start_time, a.busy_until) as during from booked a where a.vet_id = o.vet_id
          union all
          select tstzrange(t.start_time, t.end_time)
          from vet_time_off t
          where t.tenant_id = p_tenant_id and t.vet_id = o.vet_id and t.end_time > v_from and t.start_time < v_to
        ) b
      ) as busy_during
    from open_ranges o
    group by o.vet_id
  ),
  -- Closed days, and where the pet of a move is at the same time. The buffer is the vet's, and may run into them.
  taken as materialized (
    select coalesce(range_agg(t.during), '{}') as during
    from (
      select tstzrange(c.start_time, c.end_time) as during
      from clinic_closures c
      where c.tenant_id = p_tenant_id and c.end_time > v_from and c.end_time <= 'infinity' and c.start_time < v_to
      union all
      select tstzrange(a.start_time, a.end_time)
      from appointments a
      where a.tenant_id = p_tenant_id and a.pet_id = v_pet_id and a.id <> p_appointment_id
        and is_active_status(a.status, a.hold_expires_at, v_now)
        and a.start_time > v_from - interval '24 hours' and a.start_time < v_to
    ) t
  ),
  loads as materialized (
    select a.vet_id, (a.start_time at time zone v_timezone)::date as day,
      sum(extract(epoch from a.end_time - a.start_time)) as seconds
    from booked a
    group by 1, 2
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
    where s.start_time > v_now and s.start_time >= v_earliest and s.start_time < timestamptz '3000-01-01 00:00:00Z'
      and (s.start_time at time zone v_timezone)::date <= v_last_day
  )
  select s.vet_id, s.start_time, s.start_time + v_length
  from starts s
  join vet_calendar c on c.vet_id = s.vet_id
  cross join taken t
  left join loads l on l.vet_id = s.vet_id and l.day = (s.start_time at time zone v_timezone)::date
  where c.open_during @> tstzrange(s.start_time, s.start_time + v_length)
    and not t.during && tstzrange(s.start_time, s.start_time + v_length)
    and not c.busy_during && tstzrange(s.start_time, s.start_time + v_length + v_buffer)
  order by s.start_time, coalesce(l.seconds, 0),
    -- the rotation: by the day and the time, so that equals take turns in both
    mod(
      array_position(v_vet_ids, s.vet_id) + extract(epoch from s.start_time)::bigint / 86400
        + extract(epoch from s.start_time)::bigint / 300,
      cardinality(v_vet_ids)
    ), s.vet_id;
end
$$;

comment on function available_slots(text, uuid, date, date, uuid, integer, uuid) is
  'Migration 107. The starts that a booking or a move by a pet owner would be given now.';
revoke execute on function available_slots(text, uuid, date, date, uuid, integer, uuid) from public;
grant execute on function available_slots(text, uuid, date, date, uuid, integer, uuid)
  to anon, authenticated, service_role;

-- prisma/sql/availability/explain_slot.sql
-- Says which rules refuse a time, all of them and not only the first: for staff, and for whoever answers their questions.
-- Takes no lock, so a booking may find another answer.
--
-- p_pet_id, p_duration_minutes: may be left out; then the rules about the pet and its owner are, and the length is the
-- service's. p_appointment_id: an appointment that does not conflict with itself.
--
-- Success: success, refusals: [{error, message, override}], in the order in which a booking reports them. override is
-- the name by which staff may override the rule, "staff" if the rule is for owners alone, and null if it holds for
-- everybody.
create or replace function explain_slot(
  p_tenant_id text, p_service_id uuid, p_vet_id uuid, p_start_time timestamptz, p_pet_id uuid default null,
  p_duration_minutes integer default null, p_appointment_id uuid default null, p_performed_by uuid default null
) returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_clinic record;
  v_service record;
  v_owner_id uuid;
  v_time_refusal text;
  v_end_time timestamptz;
  v_codes text[] := '{}';
  v_code text;
  v_answers jsonb := '[]';
begin
  if not v_caller.allowed or not (v_caller.trusted or is_clinic_staff(p_tenant_id, v_caller.actor)) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_duration_minutes not between 5 and 480 then
    return atomic_refusal('INVALID_DURATION');
  end if;
  select * into v_clinic from tenants where id = p_tenant_id;
  select * into v_service from services
  where tenant_id = p_tenant_id and id = p_service_id and is_active and deleted_at is null;
  if p_pet_id is not null then
    select owner_id into v_owner_id from pets where tenant_id = p_tenant_id and id = p_pet_id and deleted_at is null;
    if v_owner_id is null then
      return atomic_refusal('PET_NOT_FOUND');
    end if;
  end if;
  if v_service.id is null then
    return atomic_refusal('SERVICE_NOT_FOUND');
  end if;

  if v_service.booking = 'desk' then
    v_codes := v_codes || 'DESK_ONLY'::text;
  end if;
  v_time_refusal := check_booking_time(
    p_start_time, false, v_clinic.book_lead_minutes, v_clinic.book_horizon_days, v_clinic.timezone, clock_timestamp()
  );
  if v_time_refusal is not null then
    v_codes := v_codes || v_time_refusal;
  end if;
  if not exists (
    select from profiles
    where tenant_id = p_tenant_id and id = p_vet_id and has_calendar(role) and deleted_at is null
  ) then
    v_codes := v_codes || 'VET_NOT_FOUND'::text;
  elsif isfinite(p_start_time) and p_start_time between '1900-01-01 00:00Z' and '3000-12-31 00:00Z' then
    v_end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_service.duration_minutes));
    v_codes := v_codes || slot_refusals(
      p_tenant_id, p_vet_id, p_service_id, p_pet_id, p_start_time, v_end_time,
      v_end_time + make_interval(mins => v_service.buffer_minutes), v_clinic.timezone, false, v_owner_id,
      case when p_appointment_id is null then v_clinic.max_open_appointments end, p_appointment_id
    );
  end if;

  foreach v_code in array v_codes loop
    v_answers := v_answers || jsonb_build_object(
      'error', v_code, 'message', atomic_refusal(v_code) ->> 'message',
      'override', case v_code
        when 'VET_DOES_NOT_OFFER' then 'services'
        when 'CLINIC_CLOSED' then 'closed'
        when 'PET_BUSY' then 'pet_busy'
        when 'SLOT_UNAVAILABLE' then 'squeeze_in'
        when 'VET_AWAY' then null
        when 'VET_NOT_FOUND' then null
        when 'INVALID_TIME' then case
          when check_booking_time(p_start_time, true, 0, 0, v_clinic.timezone, clock_timestamp()) is null then 'staff'
        end
        else 'staff'
      end
    );
  end loop;
  return jsonb_build_object('success', true, 'refusals', v_answers);
end
$$;

comment on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid) is
  'Migration 107. Every rule that refuses a time, for staff.';
revoke execute on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid) from public, anon;
grant execute on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid)
  to authenticated, service_role;

-- prisma/sql/availability/public_vet_hours.sql
-- The weekly hours of the vets in public_vets. Runs with its owner's rights on purpose, like public_vets, because
-- visitors may not read the rows. It repeats the condition instead of reading that view, so that either can be taken
-- back alone; an admin with a row here keeps hours, and so is in public_vets.
create or replace view public_vet_hours with (security_barrier) as
select h.tenant_id, h.vet_id, h.weekday, h.opens, h.closes
from vet_hours h
-- looked up for each row, because a join may read all of the clinic's profiles
where (
  select p.role in ('vet', 'assistant', 'admin') and p.deleted_at is null from profiles p
  where p.tenant_id = h.tenant_id and p.id = h.vet_id
);

comment on view public_vet_hours is 'Migration 107. The weekly hours of the vets whom visitors see.';
revoke all on public_vet_hours from public, anon, authenticated, service_role;
grant select on public_vet_hours to anon, authenticated, service_role;

-- prisma/sql/availability/public_vets.sql
-- Runs with its owner's rights on purpose: it shows three columns of rows that visitors may not read. An admin who
-- keeps hours treats patients; an admin who keeps none only manages the clinic.
create or replace view public_vets with (security_barrier) as
select p.tenant_id, p.id, p.full_name
from profiles p
where p.deleted_at is null
  and (
    p.role in ('vet', 'assistant')
    or (p.role = 'admin' and exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id))
  )
-- The order of profiles_staff_idx: without statistics every index by the clinic costs the same, and the planner prefers
-- one that spares it a sort. The others hold all of the clinic's clients.
order by p.tenant_id, p.full_name;

comment on view public_vets is 'Migration 107. The vets whom visitors see.';
revoke all on public_vets from public, anon, authenticated, service_role;
grant select on public_vets to anon, authenticated, service_role;

-- prisma/sql/availability/remove_clinic_closure.sql
-- Opens the clinic again for the time of a closure. For staff.
--
-- Success: success, closure_id, replayed. One that is gone already is a replay.
create or replace function remove_clinic_closure(
  p_tenant_id text, p_closure_id uuid, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_was_there boolean;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  delete from clinic_closures where tenant_id = p_tenant_id and id = p_closure_id;
  v_was_there := found;
  return jsonb_build_object('success', true, 'closure_id', p_closure_id, 'replayed', not v_was_there);
end
$$;

comment on function remove_clinic_closure(text, uuid, uuid) is 'Migration 107. Opens the clinic again for the time of a closure.';
revoke execute on function remove_clinic_closure(text, uuid, uuid) from public, anon;
grant execute on function remove_clinic_closure(text, uuid, uuid) to authenticated, service_role;

-- prisma/sql/availability/vet_is_open.sql
-- Returns whether the vet is open from start to end without a break. Adjoining rows (8 to 12 and 12 to 16, 22 to 24 and
-- 0 to 6) count as one. A vet without hours is always open where nobody keeps hours; as soon as one vet of the clinic does, the
-- others are closed until theirs are known.
create or replace function vet_is_open(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_end timestamptz, p_timezone text
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not exists (select from vet_hours where tenant_id = p_tenant_id and vet_id = p_vet_id) then
    return not exists (select from vet_hours where tenant_id = p_tenant_id);
  end if;
  return coalesce(
    (select range_agg(o.during) from vet_open_ranges(p_tenant_id, array[p_vet_id], p_start, p_end, p_timezone) o)
      @> tstzrange(p_start, p_end),
    false
  );
end
$$;

comment on function vet_is_open(text, uuid, timestamptz, timestamptz, text) is
  'Migration 107. Whether a vet is open from start to end; true in a clinic without hours.';
revoke execute on function vet_is_open(text, uuid, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role;

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
    when coalesce(p_is_staff, false) and v_role <> 'owner' then 'staff'
    when v_owns then case when coalesce(p_is_staff, false) then 'FORBIDDEN' else 'owner' end
    else 'NOT_FOUND'
  end;
end
$$;

comment on function appointment_access(text, uuid, uuid, boolean) is
  'Migration 107. What the actor is to a pet''s appointments.';
revoke execute on function appointment_access(text, uuid, uuid, boolean) from public, anon, authenticated, service_role;

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

-- prisma/sql/booking/book_appointment_atomic.sql
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
) is 'Migration 107. Books one slot of one vet, or says why not.';
revoke execute on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb
) from public, anon;
grant execute on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb
) to authenticated, service_role;

-- prisma/sql/booking/booking_answer.sql
-- Builds the answer to a booking that succeeded.
create or replace function booking_answer(
  p_id uuid, p_start_time timestamptz, p_end_time timestamptz, p_status text, p_hold_expires_at timestamptz,
  p_version integer, p_price numeric, p_currency text
) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_answer jsonb := jsonb_build_object(
    'success', true, 'appointment_id', p_id, 'start_time', p_start_time, 'end_time', p_end_time, 'status', p_status,
    'version', p_version, 'duration_minutes', (extract(epoch from p_end_time - p_start_time) / 60)::integer,
    'price', p_price, 'currency', p_currency
  );
begin
  return case when p_status = 'held' then v_answer || jsonb_build_object('hold_expires_at', p_hold_expires_at)
    else v_answer end;
end
$$;

comment on function booking_answer(
  uuid, timestamptz, timestamptz, text, timestamptz, integer, numeric, text
) is 'Migration 107. The answer to a booking that succeeded.';
revoke execute on function booking_answer(
  uuid, timestamptz, timestamptz, text, timestamptz, integer, numeric, text
) from public, anon, authenticated, service_role;

-- prisma/sql/booking/change_appointment_status_atomic.sql
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

-- prisma/sql/booking/check_booking.sql
-- Checks what does not need the vet's lock: pet, service, time, and whether the actor is staff, who alone write notes and
-- override rules. It runs before the lock, so that hopeless requests take none. It runs again after the lock, because of
-- what was committed meanwhile: the actor may have lost a role, the service may be withdrawn, the hour may have passed.
--
-- p_expected: the length and price that the page showed, each of which may be left out.
--
-- refusal: an error code; if it is null, the other results are set. changed: of SERVICE_CHANGED, what is so now.
-- open_limit: how many open appointments the owner may have, or null.
create or replace function check_booking(
  p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_start_time timestamptz, p_duration_minutes integer,
  p_actor uuid, p_trusted boolean, p_notes text, p_overrides text[], p_expected jsonb,
  out refusal text, out changed jsonb, out as_staff boolean, out owner_id uuid, out end_time timestamptz,
  out busy_until timestamptz, out timezone text, out price numeric, out currency text, out service_name text,
  out hold_expires_at timestamptz, out open_limit integer
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_actor_role text;
  v_duration integer;
  v_buffer integer;
  v_booking text;
  v_lead integer;
  v_horizon integer;
  v_limit_unconfirmed boolean;
begin
  select t.timezone, t.currency, t.book_lead_minutes, t.book_horizon_days, t.max_open_appointments,
    t.limit_unconfirmed, p.owner_id, a.role, s.duration_minutes, s.buffer_minutes, s.price, s.name, s.booking
    into timezone, currency, v_lead, v_horizon, open_limit,
      v_limit_unconfirmed, owner_id, v_actor_role, v_duration, v_buffer, price, service_name, v_booking
  from tenants t
  left join pets p on p.tenant_id = t.id and p.id = p_pet_id and p.deleted_at is null
  left join profiles a on a.tenant_id = t.id and a.id = p_actor and a.deleted_at is null
  left join services s on s.tenant_id = t.id and s.id = p_service_id and s.is_active and s.deleted_at is null
  where t.id = p_tenant_id;

  as_staff := coalesce(v_actor_role <> 'owner', false);
  refusal := case
    when (p_notes <> '' and not (p_trusted or as_staff)) or (cardinality(p_overrides) > 0 and not as_staff)
      then 'FORBIDDEN'
    when owner_id is null or v_actor_role is null or not (as_staff or owner_id = p_actor) then 'PET_NOT_FOUND'
    when v_duration is null then 'SERVICE_NOT_FOUND'
    when v_booking = 'desk' and not as_staff then 'DESK_ONLY'
    -- a pet owner does not choose how long the vet works
    when not (p_trusted or as_staff) and p_duration_minutes <> v_duration then 'INVALID_DURATION'
    when (p_expected ->> 'duration_minutes')::integer <> v_duration or (p_expected ->> 'price')::numeric <> price
      then 'SERVICE_CHANGED'
    else check_booking_time(p_start_time, as_staff, v_lead, v_horizon, timezone, v_now)
  end;
  if refusal = 'SERVICE_CHANGED' then
    changed := jsonb_build_object('duration_minutes', v_duration, 'price', price, 'currency', currency);
  end if;
  if refusal is not null then
    return;
  end if;

  end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_duration));
  busy_until := end_time + make_interval(mins => v_buffer);
  if as_staff then
    open_limit := null;
  elsif v_limit_unconfirmed and exists (
    select from login."user" where id = p_actor and not email_verified
  ) then
    open_limit := 1;
  end if;
  if v_booking = 'request' and not as_staff then
    hold_expires_at := least(p_start_time, v_now + interval '48 hours');
  end if;
end
$$;

comment on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text, text[], jsonb) is
  'Migration 107. Checks pet, service, time and actor of a booking.';
revoke execute on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text, text[], jsonb)
  from public, anon, authenticated, service_role;

-- prisma/sql/booking/check_booking_time.sql
-- Returns what keeps an appointment from starting at this time, as of p_now: an error code or null. Staff may write down a
-- visit of earlier on the same day of the clinic, and are not held to lead and horizon. The horizon counts days of the
-- clinic, so that a whole day is bookable or not.
create or replace function check_booking_time(
  p_start_time timestamptz, p_as_staff boolean, p_lead_minutes integer, p_horizon_days integer, p_timezone text,
  p_now timestamptz
) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if not coalesce(isfinite(p_start_time) and p_start_time < timestamptz '3000-01-01 00:00:00Z', false) then
    return 'INVALID_TIME';
  end if;
  if p_as_staff then
    return case
      -- the half hour is for the patient who came just before midnight
      when p_start_time <= p_now - interval '30 minutes'
        and (p_start_time at time zone p_timezone)::date < (p_now at time zone p_timezone)::date then 'INVALID_TIME'
    end;
  end if;
  return case
    when p_start_time <= p_now then 'INVALID_TIME'
    when p_start_time < p_now + make_interval(mins => p_lead_minutes) then 'TOO_SOON'
    when (p_start_time at time zone p_timezone)::date > (p_now at time zone p_timezone)::date + p_horizon_days
      then 'TOO_FAR'
  end;
end
$$;

comment on function check_booking_time(timestamptz, boolean, integer, integer, text, timestamptz) is
  'Migration 107. What keeps an appointment from starting at a time.';
revoke execute on function check_booking_time(timestamptz, boolean, integer, integer, text, timestamptz)
  from public, anon, authenticated, service_role;

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
  v_now timestamptz := clock_timestamp();
  v_clinic record;
  v_refusal text;
begin
  -- A patient who is already there can be given to another vet: the time stays, even if it has passed.
  if p_access = 'staff' and p_status = 'checked_in' and p_new_start_time = p_start_time then
    return case when p_version <> p_expected_version then 'STALE_VERSION' end;
  end if;
  if not is_movable(p_status) then
    return 'INVALID_STATUS';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  select timezone, change_notice_minutes, book_lead_minutes, book_horizon_days into v_clinic
  from tenants where id = p_tenant_id;
  v_refusal := check_booking_time(
    p_new_start_time, p_access = 'staff', v_clinic.book_lead_minutes, v_clinic.book_horizon_days, v_clinic.timezone,
    v_now
  );
  return case
    when v_refusal is not null then v_refusal
    when p_access = 'owner' and not keeps_notice(p_start_time, v_clinic.change_notice_minutes, v_now) then 'TOO_LATE'
  end;
end
$$;

comment on function check_move(text, text, timestamptz, integer, text, timestamptz, integer) is
  'Migration 107. What keeps an appointment from being moved, apart from the calendar.';
revoke execute on function check_move(text, text, timestamptz, integer, text, timestamptz, integer)
  from public, anon, authenticated, service_role;

-- prisma/sql/booking/check_overrides.sql
-- Returns what is wrong with the overrides of a call, apart from who makes it: an error code or null. A squeeze-in needs a
-- reason, so that whoever finds two patients at one time learns why.
--
-- Raises 22023 if one of them does not exist.
create or replace function check_overrides(p_overrides text[], p_reason text) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if not p_overrides <@ array['pet_busy', 'closed', 'services', 'squeeze_in'] then
    raise exception 'p_overrides may hold pet_busy, closed, services and squeeze_in, not %.', p_overrides
      using errcode = '22023';
  end if;
  return case when 'squeeze_in' = any (p_overrides) and coalesce(btrim(p_reason), '') = '' then 'REASON_REQUIRED' end;
end
$$;

comment on function check_overrides(text[], text) is 'Migration 107. What is wrong with the overrides of a call.';
revoke execute on function check_overrides(text[], text) from public, anon, authenticated, service_role;

-- prisma/sql/booking/check_status_change.sql
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

-- prisma/sql/booking/drop_expired_holds.sql
-- Cancels the holds of this vet that have expired and overlap [p_start, p_busy_until), and returns whether there were
-- any. A hold that expires changes no row, so the exclusion constraint still counts it: whoever needs its time takes it
-- away, while the vet is locked.
create or replace function drop_expired_holds(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  update appointments set status = 'cancelled', cancelled_at = v_now
  where tenant_id = p_tenant_id and vet_id = p_vet_id and status = 'held' and hold_expires_at <= v_now
    and start_time > p_start - interval '24 hours' and start_time < p_busy_until and busy_until > p_start
    and id is distinct from p_except_id;
  return found;
end
$$;

comment on function drop_expired_holds(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 107. Cancels expired holds that are in the way.';
revoke execute on function drop_expired_holds(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;

-- prisma/sql/booking/is_active_status.sql
-- Returns whether an appointment with this status keeps its time at p_at. A hold does until it expires.
create or replace function is_active_status(p_status text, p_hold_expires_at timestamptz, p_at timestamptz)
returns boolean
language sql immutable
return p_status not in ('cancelled', 'no_show') and (p_status <> 'held' or p_hold_expires_at > p_at);

comment on function is_active_status(text, timestamptz, timestamptz) is 'Migration 107. Whether an appointment keeps its time.';
revoke execute on function is_active_status(text, timestamptz, timestamptz) from public, anon;
grant execute on function is_active_status(text, timestamptz, timestamptz) to authenticated, service_role;

-- prisma/sql/booking/is_open_status.sql
-- Returns whether an appointment with this status is still to come or going on. A hold is until it expires.
create or replace function is_open_status(p_status text, p_hold_expires_at timestamptz, p_at timestamptz)
returns boolean
language sql immutable
return is_active_status(p_status, p_hold_expires_at, p_at) and p_status <> 'completed';

comment on function is_open_status(text, timestamptz, timestamptz) is
  'Migration 107. Whether an appointment is still to come or going on.';
revoke execute on function is_open_status(text, timestamptz, timestamptz) from public, anon;
grant execute on function is_open_status(text, timestamptz, timestamptz) to authenticated, service_role;

-- prisma/sql/booking/judge_slot.sql
-- Judges what slot_refusals found by what staff override: refusal is the first rule that still refuses, or null;
-- overrides are the rules that were overridden and would have refused, squeeze_in apart, which is its own result.
create or replace function judge_slot(
  p_refusals text[], p_overrides text[], out refusal text, out overrides text[], out squeeze_in boolean
)
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_code text;
  v_override text;
begin
  squeeze_in := false;
  foreach v_code in array p_refusals loop
    v_override := case v_code
      when 'VET_DOES_NOT_OFFER' then 'services'
      when 'CLINIC_CLOSED' then 'closed'
      when 'PET_BUSY' then 'pet_busy'
      when 'SLOT_UNAVAILABLE' then 'squeeze_in'
    end;
    if v_override is null or v_override <> all (coalesce(p_overrides, '{}')) then
      refusal := v_code;
      return;
    elsif v_override = 'squeeze_in' then
      squeeze_in := true;
    else
      overrides := overrides || v_override;
    end if;
  end loop;
end
$$;

comment on function judge_slot(text[], text[]) is 'Migration 107. Which rule still refuses, and which were overridden.';
revoke execute on function judge_slot(text[], text[]) from public, anon, authenticated, service_role;

-- prisma/sql/booking/lock_calendar_vets.sql
-- Locks the vets whose hours, time off or services a statement has written, in the order in which every function locks
-- them, so that a list of the appointments inside a time off, or of a service that a vet no longer does, is still right when it
-- commits. After the statement and not before each row: a statement that writes several vets' rows would lock them in the
-- order of its rows, and two that do so, or one and a move, could wait for each other. Nobody sees the rows before they
-- commit, so it is early enough.
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

create or replace trigger vet_services_lock_vets_insert after insert on vet_services
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_services_lock_vets_update after update on vet_services
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_services_lock_vets_delete after delete on vet_services
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

comment on function lock_calendar_vets() is 'Migration 107. Trigger: locks the vets whose hours, time off or services were written.';
revoke execute on function lock_calendar_vets() from public, anon, authenticated, service_role;

-- prisma/sql/booking/lock_clinic_calendars.sql
-- Locks everybody who has a calendar in the clinics whose closed days a statement has written, in the order of their
-- keys, so that a list of the appointments on a closed day is still right when it commits: a booking that is running is
-- seen, and a later one sees the closed day.
create or replace function lock_clinic_calendars() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_tenant_ids text[];
begin
  if tg_op = 'DELETE' then
    select array_agg(distinct tenant_id) into v_tenant_ids from old_rows;
  else
    select array_agg(distinct tenant_id) into v_tenant_ids from new_rows;
  end if;
  perform from profiles
  where tenant_id = any (v_tenant_ids) and role in ('vet', 'assistant', 'admin')
  order by tenant_id, id
  for no key update;
  return null;
end
$$;

create or replace trigger clinic_closures_lock_insert after insert on clinic_closures
  referencing new table as new_rows for each statement execute function lock_clinic_calendars();

create or replace trigger clinic_closures_lock_update after update on clinic_closures
  referencing new table as new_rows for each statement execute function lock_clinic_calendars();

create or replace trigger clinic_closures_lock_delete after delete on clinic_closures
  referencing old table as old_rows for each statement execute function lock_clinic_calendars();

comment on function lock_clinic_calendars() is 'Migration 107. Trigger: locks the calendars of clinics whose closed days were written.';
revoke execute on function lock_clinic_calendars() from public, anon, authenticated, service_role;

-- prisma/sql/booking/lock_new_owner.sql
-- Locks the row of an owner whom the pet got while the call waited, for example by a claim. The rows that the call holds
-- were locked in the order of their keys, and to wait for one more could deadlock. So this does not wait: where somebody
-- else holds it, the call fails with the state of a transaction that can be made again, and clients retry it.
create or replace function lock_new_owner(p_tenant_id text, p_owner_id uuid) returns void
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform from profiles where tenant_id = p_tenant_id and id = p_owner_id for no key update skip locked;
  if not found then
    raise exception 'The pet has got another owner meanwhile.' using errcode = '40001', hint = 'Make the call again.';
  end if;
end
$$;

comment on function lock_new_owner(text, uuid) is 'Migration 107. Locks an owner whom the pet got while the call waited.';
revoke execute on function lock_new_owner(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/booking/may_cancel.sql
-- Returns whether, at p_at, a pet owner may still cancel: in time for the clinic, or within the minutes that it grants
-- after booking, as long as the appointment has not begun.
create or replace function may_cancel(
  p_start_time timestamptz, p_booked_at timestamptz, p_notice_minutes integer, p_grace_minutes integer,
  p_at timestamptz
) returns boolean
language sql stable
return keeps_notice(p_start_time, p_notice_minutes, p_at)
  or (p_start_time > p_at and p_booked_at + make_interval(mins => p_grace_minutes) > p_at);

comment on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz) is
  'Migration 107. Whether a pet owner may still cancel.';
revoke execute on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz) from public, anon;
grant execute on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz)
  to authenticated, service_role;

-- prisma/sql/booking/move_answer.sql
-- Builds the answer to a move that succeeded.
create or replace function move_answer(
  p_id uuid, p_old_start_time timestamptz, p_start_time timestamptz, p_end_time timestamptz, p_vet_id uuid,
  p_status text, p_version integer, p_price numeric, p_currency text
) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return jsonb_build_object(
    'success', true, 'appointment_id', p_id, 'old_start_time', p_old_start_time, 'new_start_time', p_start_time,
    'new_end_time', p_end_time, 'vet_id', p_vet_id, 'status', p_status, 'version', p_version,
    'duration_minutes', (extract(epoch from p_end_time - p_start_time) / 60)::integer, 'price', p_price,
    'currency', p_currency
  );
end
$$;

comment on function move_answer(
  uuid, timestamptz, timestamptz, timestamptz, uuid, text, integer, numeric, text
) is 'Migration 107. The answer to a move that succeeded.';
revoke execute on function move_answer(
  uuid, timestamptz, timestamptz, timestamptz, uuid, text, integer, numeric, text
) from public, anon, authenticated, service_role;

-- prisma/sql/booking/next_statuses.sql
-- Returns the statuses that staff may give to an appointment with this one. A pet owner may only cancel.
create or replace function next_statuses(p_status text) returns text[]
language sql immutable
return case p_status
  when 'held' then array['scheduled', 'cancelled']
  when 'scheduled' then array['confirmed', 'checked_in', 'cancelled', 'no_show']
  when 'confirmed' then array['checked_in', 'cancelled', 'no_show']
  when 'checked_in' then array['in_progress', 'cancelled', 'no_show']
  when 'in_progress' then array['completed', 'checked_in']
  when 'no_show' then array['checked_in'] -- late, but here after all
  else array[]::text[]
end;

comment on function next_statuses(text) is 'Migration 107. The statuses that may follow one.';
revoke execute on function next_statuses(text) from public, anon;
grant execute on function next_statuses(text) to authenticated, service_role;

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
    else booking_answer(id, start_time, end_time, status, hold_expires_at, version, price, currency)
      || jsonb_build_object('replayed', true)
  end
  from appointments
  where tenant_id = p_tenant_id and created_by = p_actor and idempotency_key = p_idempotency_key);
end
$$;

comment on function replay_booking(text, uuid, text, text) is
  'Migration 107. The answer to a booking whose key was used before.';
revoke execute on function replay_booking(text, uuid, text, text) from public, anon, authenticated, service_role;

-- prisma/sql/booking/reschedule_appointment_atomic.sql
-- Moves an appointment to another time or vet. A move that checks and then writes can lose its slot in between, so it
-- locks the rows of both vets, the old and the new one, and of the pet's owner, before it checks. p_tenant_id: an
-- appointment of another clinic is NOT_FOUND. p_overrides: see book_appointment_atomic; a squeeze-in's reason is the
-- appointment's.
--
-- Success: success, appointment_id, old_start_time, new_start_time, new_end_time, vet_id, status, version,
-- duration_minutes, price, currency. A move to where it already is is a replay.
create or replace function reschedule_appointment_atomic(
  p_appointment_id uuid,
  p_new_start_time timestamptz,
  p_performed_by uuid,
  p_is_staff boolean default false,
  p_new_vet_id uuid default null,
  p_expected_version integer default null,
  p_tenant_id text default null,
  p_overrides text[] default null
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
  v_verdict record;
  v_owner_id uuid;
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
  if cardinality(p_overrides) > 0 then
    v_refusal := case when v_access = 'owner' then 'FORBIDDEN' else check_overrides(p_overrides, v_appointment.reason) end;
    if v_refusal is not null then
      return atomic_refusal(v_refusal);
    end if;
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

    select owner_id into v_owner_id from pets
    where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
    -- Both vets and the owner first, in the order of their keys, then the appointment. Every function keeps this order, so
    -- that no two of them can hold what the other waits for.
    for v_vet in
      select id, has_calendar(role) and deleted_at is null as may_treat
      from profiles
      where tenant_id = v_appointment.tenant_id and id in (v_old_vet_id, v_vet_id, v_owner_id)
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
    select nullif(owner_id, v_owner_id) into v_owner_id from pets
    where tenant_id = v_appointment.tenant_id and id = v_appointment.pet_id;
    if v_owner_id is not null then
      perform lock_new_owner(v_appointment.tenant_id, v_owner_id);
    end if;
  end if;

  if v_appointment.start_time = p_new_start_time and v_appointment.vet_id = v_vet_id then
    return jsonb_build_object('replayed', true) || move_answer(
      v_appointment.id, v_appointment.start_time, v_appointment.start_time, v_appointment.end_time,
      v_appointment.vet_id, v_appointment.status, v_appointment.version, v_appointment.price, v_appointment.currency
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
  end;
  if v_refusal is null then
    v_verdict := judge_slot(
      slot_refusals(
        v_appointment.tenant_id, v_vet_id, v_appointment.service_id, v_appointment.pet_id, p_new_start_time, v_end_time,
        v_busy_until, v_timezone, v_access = 'staff', p_except_id => v_appointment.id
      ),
      p_overrides
    );
    v_refusal := case
      when v_verdict.refusal is not null then v_verdict.refusal
      when v_verdict.squeeze_in
        and squeeze_ins_are_full(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_appointment.id)
        then 'SQUEEZE_INS_FULL'
    end;
  end if;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  begin
    -- the constraint still counts holds that have expired
    perform drop_expired_holds(v_appointment.tenant_id, v_vet_id, p_new_start_time, v_busy_until);
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments
    set start_time = p_new_start_time,
        end_time = v_end_time,
        busy_until = v_busy_until,
        vet_id = v_vet_id,
        squeeze_in = v_verdict.squeeze_in,
        overrides = v_verdict.overrides,
        -- What was confirmed is the old time. Another vet at that time asks again only if it is the owner's wish.
        status = case
          when status = 'confirmed' and (v_access = 'owner' or start_time <> p_new_start_time) then 'scheduled'
          else status
        end,
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

  return move_answer(
    v_appointment.id, v_old_start_time, v_appointment.start_time, v_appointment.end_time, v_appointment.vet_id,
    v_appointment.status, v_appointment.version, v_appointment.price, v_appointment.currency
  );
end
$$;

comment on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[]) is
  'Migration 107. Moves an appointment to another time or vet, or says why not.';
revoke execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[])
  from public, anon;
grant execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[])
  to authenticated, service_role;

-- prisma/sql/booking/set_appointment_service.sql
-- Writers that do not know about prices (old code, psql) set the service alone: its name, price and currency at this
-- moment are then the appointment's. The functions set all three, and do not get here.
create or replace function set_appointment_service() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  select s.name, s.price, t.currency into new.service_name, new.price, new.currency
  from services s join tenants t on t.id = s.tenant_id
  where s.tenant_id = new.tenant_id and s.id = new.service_id;
  return new;
end
$$;

create or replace trigger appointments_service before insert on appointments
  for each row when (new.service_name is null) execute function set_appointment_service();

comment on function set_appointment_service() is
  'Migration 107. Trigger: name, price and currency follow the service for writers that do not set them.';
revoke execute on function set_appointment_service() from public, anon, authenticated, service_role;

-- prisma/sql/booking/slot_refusals.sql
-- Returns the codes of every rule that refuses this time to this appointment, in the order in which they are reported; an
-- empty array if none does. Called while the vet and the pet's owner are locked.
--
-- p_busy_until: the end with the buffer. p_as_staff: hours and limits are for pet owners. p_owner_id, p_limit: whose open
-- appointments count, and how many there may be; null for staff and for moves. p_except_id: the appointment itself.
--
-- All rules but the hours are one statement, because each statement of a function costs as much as what it looks up. No
-- appointment is longer than 24 hours (a check of the table), so none that began earlier matters: those bounds keep
-- each index to a day, whichever the planner takes. Time off and closed days end by infinity, which is a bound for the
-- planner: of a range with one end only it expects a third of the table.
create or replace function slot_refusals(
  p_tenant_id text, p_vet_id uuid, p_service_id uuid, p_pet_id uuid, p_start timestamptz, p_end timestamptz,
  p_busy_until timestamptz, p_timezone text, p_as_staff boolean, p_owner_id uuid default null,
  p_limit integer default null, p_except_id uuid default null
) returns text[]
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_day_before timestamptz := p_start - interval '24 hours';
  v_outside boolean := not p_as_staff and not vet_is_open(p_tenant_id, p_vet_id, p_start, p_end, p_timezone);
  v_refusals text[];
begin
  select array_remove(array[
    case when exists (
      select from vet_services where tenant_id = p_tenant_id and service_id = p_service_id
    ) and not exists (
      select from vet_services where tenant_id = p_tenant_id and service_id = p_service_id and vet_id = p_vet_id
    ) then 'VET_DOES_NOT_OFFER' end,
    case when exists (
      select from clinic_closures
      where tenant_id = p_tenant_id and end_time > p_start and end_time <= 'infinity' and start_time < p_end
    ) then 'CLINIC_CLOSED' end,
    case when v_outside then 'OUTSIDE_HOURS' end,
    case when exists (
      select from vet_time_off
      where tenant_id = p_tenant_id and vet_id = p_vet_id and end_time > p_start and end_time <= 'infinity'
        and start_time < p_busy_until
    ) then 'VET_AWAY' end,
    case when p_limit is not null and p_limit <= (
      select count(*) from appointments
      where tenant_id = p_tenant_id
        and pet_id = any (array(select id from pets where tenant_id = p_tenant_id and owner_id = p_owner_id))
        and start_time > v_now - interval '24 hours' and end_time > v_now and is_open_status(status, hold_expires_at, v_now)
    ) then 'LIMIT_REACHED' end,
    -- The buffer is the vet's: a pet may go from one vet to the next.
    case when exists (
      select from appointments
      where tenant_id = p_tenant_id and pet_id = p_pet_id and start_time > v_day_before and start_time < p_end
        and end_time > p_start and is_active_status(status, hold_expires_at, v_now) and id is distinct from p_except_id
    ) then 'PET_BUSY' end,
    -- Active appointments of one vet never overlap, squeeze-ins apart (the constraint), so among those that begin before
    -- p_busy_until the last one is also the last to end, and one row of the index is enough. A hold that has expired is
    -- still in the constraint, and passed over here. The range is the bound of the other index by vet.
    case when coalesce((
      select busy_until > p_start from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id and start_time > v_day_before and start_time < p_busy_until
        and tstzrange(start_time, busy_until, '[)') && tstzrange(v_day_before, p_busy_until)
        and status not in ('cancelled', 'no_show') and not squeeze_in
        and (status <> 'held' or hold_expires_at > v_now) and id is distinct from p_except_id
      order by start_time desc
      limit 1
    ), false) or exists (
      -- Squeeze-ins overlap others, so each may be the one that is in the way. They have an index of their own.
      select from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id and start_time > v_day_before and start_time < p_busy_until
        and busy_until > p_start and squeeze_in and status not in ('cancelled', 'no_show')
        and id is distinct from p_except_id
    ) then 'SLOT_UNAVAILABLE' end
  ], null) into v_refusals;
  return v_refusals;
end
$$;

comment on function slot_refusals(
  text, uuid, uuid, uuid, timestamptz, timestamptz, timestamptz, text, boolean, uuid, integer, uuid
) is 'Migration 107. Every rule that refuses a time to an appointment.';
revoke execute on function slot_refusals(
  text, uuid, uuid, uuid, timestamptz, timestamptz, timestamptz, text, boolean, uuid, integer, uuid
) from public, anon, authenticated, service_role;

-- prisma/sql/booking/squeeze_ins_are_full.sql
-- Returns whether this vet has the two squeeze-ins that one hour may have. Called while the vet is locked. The hour is any
-- 60 minutes around the start, so that the clock's hour does not make four possible.
create or replace function squeeze_ins_are_full(p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_except_id uuid)
returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select count(*) >= 2 from appointments
    where tenant_id = p_tenant_id and vet_id = p_vet_id and squeeze_in and status not in ('cancelled', 'no_show')
      and start_time > p_start - interval '1 hour' and start_time < p_start + interval '1 hour'
      and id is distinct from p_except_id
  );
end
$$;

comment on function squeeze_ins_are_full(text, uuid, timestamptz, uuid) is
  'Migration 107. Whether an hour has as many squeeze-ins as it may have.';
revoke execute on function squeeze_ins_are_full(text, uuid, timestamptz, uuid)
  from public, anon, authenticated, service_role;

-- prisma/sql/clients/claim_client.sql
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
      select id from profiles where tenant_id = p_tenant_id and has_calendar(role)
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
  'Migration 107. Turns a walk-in client''s record into the actor''s, or says why not.';
revoke execute on function claim_client(text, text, uuid) from public, anon;
grant execute on function claim_client(text, text, uuid) to authenticated, service_role;

-- prisma/sql/identity/has_calendar.sql
-- Returns whether people with this role may have a calendar. Assistants are a groomer or a nurse, who are no vets.
create or replace function has_calendar(p_role text) returns boolean
language sql immutable
return p_role in ('vet', 'admin', 'assistant');

comment on function has_calendar(text) is 'Migration 107. Whether people with a role may have a calendar.';
revoke execute on function has_calendar(text) from public, anon, authenticated, service_role;

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
      and role <> 'owner' and deleted_at is null
  );
end
$$;

comment on function is_clinic_staff(text, uuid) is 'Migration 107. Staff of this clinic, and not deleted.';
revoke execute on function is_clinic_staff(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/identity/staff_tenants.sql
-- Returns the clinics in which the user is staff.
create or replace function clinic_access.staff_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null and role <> 'owner'
  );
end
$$;

comment on function clinic_access.staff_tenants() is 'Migration 107. The clinics in which the user is staff.';
revoke execute on function clinic_access.staff_tenants() from public, anon;
grant execute on function clinic_access.staff_tenants() to authenticated, service_role;

-- prisma/sql/policies/appointments.sql
revoke all on appointments from public, anon, authenticated, service_role;
alter table appointments enable row level security;
-- Not granted: notes, which are the staff's and read by appointment_notes, and what replays of a booking compare. A
-- distributed database drops rights on columns from its shards, and then nobody reads the table there
-- (docs/decisions/032).
grant select (
  tenant_id, id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status, reason, created_by, version,
  created_at, updated_at, cancelled_at, cancellation_reason, price, currency, service_name, squeeze_in, overrides,
  hold_expires_at
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
  'Migration 107. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/clinic_closures.sql
revoke all on clinic_closures from public, anon, authenticated, service_role;
alter table clinic_closures enable row level security;
-- Written by add_clinic_closure and remove_clinic_closure alone, apart from a backend.
grant select on clinic_closures to anon, authenticated;
grant select, insert, update, delete on clinic_closures to service_role;

create policy clinic_closures_backend on clinic_closures to service_role using (true) with check (true);
create policy clinic_closures_public on clinic_closures for select to anon, authenticated using (true);

comment on policy clinic_closures_backend on clinic_closures is
  'Migration 107. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/services.sql
revoke all on services from public, anon, authenticated, service_role;
alter table services enable row level security;
grant select on services to anon, authenticated;
grant insert (
    tenant_id, name, duration_minutes, buffer_minutes, price, is_active, booking, category, position, preparation, species
  ),
  update (
    name, duration_minutes, buffer_minutes, price, is_active, deleted_at, booking, category, position, preparation,
    species
  ) on services to authenticated;
grant select, insert, update, delete on services to service_role;

create policy services_backend on services to service_role using (true) with check (true);
create policy services_public on services for select to anon, authenticated using (is_active and deleted_at is null);
create policy services_staff on services for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy services_admin on services to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy services_backend on services is
  'Migration 107. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/tenants.sql
revoke all on tenants from public, anon, authenticated, service_role;
alter table tenants enable row level security;
grant select on tenants to anon, authenticated;
grant update (
  name, timezone, currency, locale, change_notice_minutes, book_lead_minutes, book_horizon_days, max_open_appointments,
  limit_unconfirmed, grace_minutes
) on tenants to authenticated;
grant select, insert, update, delete on tenants to service_role;

create policy tenants_backend on tenants to service_role using (true) with check (true);
create policy tenants_public on tenants for select to anon, authenticated using (true);
create policy tenants_admin on tenants for update to authenticated
  using (id = any ((select clinic_access.admin_tenants())::text[]))
  with check (id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy tenants_backend on tenants is
  'Migration 107. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/vet_services.sql
revoke all on vet_services from public, anon, authenticated, service_role;
alter table vet_services enable row level security;
-- Written by set_service_vets alone, apart from a backend.
grant select on vet_services to anon, authenticated;
grant select, insert, update, delete on vet_services to service_role;

create policy vet_services_backend on vet_services to service_role using (true) with check (true);
create policy vet_services_public on vet_services for select to anon, authenticated using (true);

comment on policy vet_services_backend on vet_services is
  'Migration 107. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/staff/invite_staff.sql
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
  if p_role is null or p_role not in ('receptionist', 'assistant', 'vet', 'admin') then
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
  'Migration 107. Makes the link of an invitation to the staff.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/set_service_vets.sql
-- Says who does a service; an empty list is everybody with a calendar. The list is written as a whole behind the
-- service's lock, so that two callers who save at once leave one of the two lists, and not the rows of both. Appointments
-- that exist stay. For admins.
--
-- Success: success, service_id, vets (how many).
create or replace function set_service_vets(
  p_tenant_id text, p_service_id uuid, p_vet_ids uuid[], p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_count integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Everybody with a calendar first, in the order of their keys, as everywhere; then the service.
  perform from profiles
  where tenant_id = p_tenant_id and role in ('vet', 'assistant', 'admin')
  order by tenant_id, id
  for no key update;
  perform from services where tenant_id = p_tenant_id and id = p_service_id and deleted_at is null for no key update;
  if not found then
    return atomic_refusal('SERVICE_NOT_FOUND');
  end if;
  if not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if exists (
    select from unnest(p_vet_ids) v (id)
    where not exists (
      select from profiles p
      where p.tenant_id = p_tenant_id and p.id = v.id and has_calendar(p.role) and p.deleted_at is null
    )
  ) then
    return atomic_refusal('VET_NOT_FOUND');
  end if;
  delete from vet_services
  where tenant_id = p_tenant_id and service_id = p_service_id and vet_id <> all (coalesce(p_vet_ids, '{}'));
  insert into vet_services (tenant_id, vet_id, service_id)
  select distinct p_tenant_id, v.id, p_service_id from unnest(p_vet_ids) v (id)
  on conflict do nothing;
  select count(*) into v_count from vet_services where tenant_id = p_tenant_id and service_id = p_service_id;
  return jsonb_build_object('success', true, 'service_id', p_service_id, 'vets', v_count);
end
$$;

comment on function set_service_vets(text, uuid, uuid[], uuid) is 'Migration 107. Says who does a service.';
revoke execute on function set_service_vets(text, uuid, uuid[], uuid) from public, anon;
grant execute on function set_service_vets(text, uuid, uuid[], uuid) to authenticated, service_role;

-- prisma/sql/staff/set_staff_role.sql
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
  if p_role is null or p_role not in ('owner', 'receptionist', 'assistant', 'vet', 'admin') then
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

  if has_calendar(v_old_role) and not has_calendar(p_role) then
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
  'Migration 107. Gives one of the staff another role, or takes them off the staff, or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;

-- prisma/sql/staff/set_vet_hours.sql
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
  where tenant_id = p_tenant_id and id = p_vet_id and has_calendar(role) and deleted_at is null
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

comment on function set_vet_hours(text, uuid, jsonb, uuid) is 'Migration 107. Replaces a vet''s weekly hours.';
revoke execute on function set_vet_hours(text, uuid, jsonb, uuid) from public, anon;
grant execute on function set_vet_hours(text, uuid, jsonb, uuid) to authenticated, service_role;

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

-- prisma/sql ends

drop function if exists vet_is_away(text,uuid,timestamp with time zone,timestamp with time zone);
drop function if exists slot_is_taken(text,uuid,timestamp with time zone,timestamp with time zone,uuid);
drop function if exists is_bookable_time(timestamp with time zone,boolean);

commit;
