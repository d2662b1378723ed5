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
  'The starts that a booking or a move by a pet owner would be given now.';
revoke execute on function available_slots(text, uuid, date, date, uuid, integer, uuid) from public;
grant execute on function available_slots(text, uuid, date, date, uuid, integer, uuid)
  to anon, authenticated, service_role;
