-- 095: available_slots: the starts that book_appointment_atomic would accept from a pet owner now; and clinic_moment, the
-- text of a moment.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(95, array['available_slots', 'clinic_moment']);

-- prisma/sql/availability/available_slots.sql
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

-- prisma/sql/availability/clinic_moment.sql
-- A moment as every answer writes it: ISO 8601 with the offset that the clinic's zone has at that instant, so that its
-- first 16 characters are the clinic's wall clock. Microseconds only if there are any. PostgreSQL computes it, because
-- its zone data also decides opening hours. The variables keep each conversion from being made three times.
create or replace function clinic_moment(p_at timestamptz, p_timezone text) returns text
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
declare
  v_local timestamp := p_at at time zone p_timezone;
  v_utc timestamp := p_at at time zone 'UTC';
begin
  return replace(to_char(v_local, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
    || case when v_local < v_utc then '-' else '+' end
    || to_char(greatest(v_local, v_utc) - least(v_local, v_utc), 'HH24:MI');
end
$$;

comment on function clinic_moment(timestamptz, text) is
  'Migration 095. An instant as ISO 8601 text with a zone''s offset at that instant.';
revoke execute on function clinic_moment(timestamptz, text) from public;
grant execute on function clinic_moment(timestamptz, text) to anon, authenticated, service_role;

-- prisma/sql ends

commit;
