-- 107: a booking in fewer steps: the same answers in the same order, for less of the server's time.
--
-- Beside a bare insert the function spent most on two things. The conflict check read a whole day of the vet's calendar,
-- 47 rows of a full one; since 091 no two of a vet's active appointments overlap, so the last that begins before the
-- wished end tells all. Each "select … from helper()" started an executor of its own; an assignment doesn't. And what was
-- read before the lock was read again after it even where nothing in the database had changed meanwhile.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(107, array['slot_is_taken', 'book_appointment_atomic', 'available_slots']);

-- Does another active appointment of this vet overlap [p_start, p_busy_until)? Asked while the vet is locked. Active
-- appointments of one vet never overlap (091), so of those that begin before p_busy_until the last is also the last to
-- end: one row of the index. Where the constraint was dropped and plain writers made overlaps, a longer one that hides
-- under it is not seen; then nothing could keep the promise anyway.
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
        and start_time < p_busy_until
        and id is distinct from p_except_id
      order by start_time desc
      limit 1
    ),
    false
  );
end
$$;

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
  v_seen text;
  v_check record;
  v_refusal text;
  v_setting text;
  v_booked record;
begin
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

  -- What this call is about to read is what anybody may have committed by now.
  v_seen := pg_current_snapshot()::text;
  if v_key is not null then
    -- Over the arguments as they were sent. The instant goes in as seconds: its text would follow the session's zone.
    v_hash := encode(sha256(convert_to(jsonb_build_array(
      p_pet_id, p_service_id, p_vet_id, extract(epoch from p_start_time)::text, p_duration_minutes, p_reason, p_notes
    )::text, 'UTF8')), 'hex');
    v_replay := replay_booking(p_tenant_id, v_actor, v_key, v_hash);
    if v_replay is not null then
      return v_replay;
    end if;
  end if;

  v_check := check_booking(
    p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_caller.trusted
  );
  if v_check.refusal is not null then
    return atomic_refusal(v_check.refusal);
  end if;

  -- From here until commit every other writer of this vet's calendar waits. "no key update" is the strongest lock that
  -- a foreign key's check does not wait for. The role stands in this statement, so that it is looked at again when the
  -- wait ends: a vet dismissed meanwhile is not found.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and role in ('vet', 'admin') and deleted_at is null
  for no key update;
  if not found then
    return atomic_refusal('VET_NOT_FOUND');
  end if;

  -- Each statement from here on sees what was committed until now. What was read before the lock is a guess and is read
  -- again, this call's own twin with the same key first: whether or not the call had to wait, somebody may have committed
  -- in between. Two equal snapshots say that nobody has, no transaction at all, and so that it would read the same.
  if pg_current_snapshot()::text <> v_seen then
    if v_key is not null then
      v_replay := replay_booking(p_tenant_id, v_actor, v_key, v_hash);
      if v_replay is not null then
        return v_replay;
      end if;
    end if;
    v_check := check_booking(
      p_tenant_id, p_pet_id, p_service_id, p_start_time, p_duration_minutes, v_actor, v_caller.trusted
    );
  end if;
  v_refusal := case
    when v_check.refusal is not null then v_check.refusal
    when not v_check.as_staff
      and not vet_is_open(p_tenant_id, p_vet_id, p_start_time, v_check.end_time, v_check.timezone)
      then 'OUTSIDE_HOURS'
    when vet_is_away(p_tenant_id, p_vet_id, p_start_time, v_check.busy_until) then 'VET_AWAY'
    when slot_is_taken(p_tenant_id, p_vet_id, p_start_time, v_check.busy_until) then 'SLOT_UNAVAILABLE'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  -- The audit trigger, where there is one, takes the actor from here. Assigned, since "perform" starts an executor, too.
  v_setting := set_config('vetcita.actor', v_actor::text, true);
  -- "on conflict do nothing" covers both constraints that may still object without the price of a subtransaction: the
  -- overlap, against writers that take no lock; the key, against the same request for another vet, whose lock is
  -- another one.
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

-- As in 095, for the vets who have hours; each refusal for a taken time asks it for others.
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
    if v_appointment.status in ('scheduled', 'confirmed') and (
      v_trusted
      or appointment_access(p_tenant_id, v_appointment.pet_id, v_actor, true) = 'staff'
      or (
        appointment_access(p_tenant_id, v_appointment.pet_id, v_actor, false) = 'owner'
        and v_appointment.start_time >= clock_timestamp() + make_interval(mins => v_notice)
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
  -- Nobody has hours, as at a clinic that was made today: nothing to offer, and no days to go through for it.
  if v_vet_ids is null then
    return;
  end if;

  -- The dates asked for, and a day around them: a slot may run past midnight into the next day's hours, and in the
  -- clinic's zone the days begin up to 14 hours away from UTC's.
  v_from := (p_from - 1)::timestamp at time zone 'UTC';
  v_to := (p_to + 3)::timestamp at time zone 'UTC';

  return query
  with open_ranges as materialized (
    select o.vet_id, o.hours_id, o.day, o.during
    from vet_open_ranges(p_tenant_id, v_vet_ids, v_from, v_to, v_timezone) o
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
            and a.start_time > v_from - interval '24 hours' and a.start_time < v_to
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
  -- An opening: where a row of hours begins. A change of clocks inside it makes two stretches, which are one opening
  -- where they touch.
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

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 107. Another active appointment overlaps.';
comment on function book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text
) is 'Migration 107. Books one slot of one vet, or says why not.';

comment on function available_slots(text, uuid, date, date, uuid, integer, uuid) is
  'Migration 107. The starts that a booking, or a move, would accept from an owner now.';

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '107'
$$;

comment on function schema_version() is 'Migration 107. The number of the newest migration.';

commit;
