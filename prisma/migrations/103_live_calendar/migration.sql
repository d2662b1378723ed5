-- 103: what the staff's calendar needs: to hear of each change within a moment, and to keep notes.
--
-- Hearing is asking: each process of the API that somebody listens to asks a few times a second what changed since it
-- asked last, over all clinics at once. NOTIFY would be shorter to write, but inside of a transaction it serializes
-- every commit of the whole database, on the booking path. An index costs a booking one more entry at its right end.

begin;
set local search_path = public, pg_temp;

-- Building it holds up writers of events: on a table of millions run this off-hours.
create index appointment_events_at_idx on appointment_events (at);

-- The changes since a moment, over all clinics: which appointment of which clinic, and the instants and the clinic's
-- dates at which it started before and after; both are the same where it did not move, and null before a booking.
-- Nothing else: whoever passes this on tells people where to look, and they look with their own eyes.
--
-- An event's time is the clock's when it was written, and it is seen when its transaction commits: later, and not always
-- in that order. So each call looks back a little further than the last one's moment, p_overlap_ms, and its caller drops
-- what it has seen by event_id. What took longer than that to commit, whoever looks at the calendar sees when they ask
-- for the whole of it the next time.
--
-- p_since: the greatest at that the caller has seen; null for now.
create function login.appointment_changes(
  p_since timestamptz default null, p_overlap_ms integer default 5000
) returns table (
  event_id uuid, tenant_id text, appointment_id uuid, event text, at timestamptz,
  start_before timestamptz, start_after timestamptz, day_before date, day_after date
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  -- A variable, so that the planner knows its value and reads the last seconds of the index.
  v_from timestamptz := coalesce(p_since, clock_timestamp()) - make_interval(secs => p_overlap_ms / 1000.0);
begin
  return query
    select e.id, e.tenant_id, e.appointment_id, e.event, e.at, c.before, c.after,
      (c.before at time zone t.timezone)::date, (c.after at time zone t.timezone)::date
    from appointment_events e
    join tenants t on t.id = e.tenant_id
    cross join lateral (
      select (e.details -> 'from' ->> 'start_time')::timestamptz as before,
        coalesce(e.details -> 'to' ->> 'start_time', e.details ->> 'start_time')::timestamptz as after
    ) c
    where e.at > v_from
    order by e.at;
end
$$;

comment on function login.appointment_changes(timestamptz, integer) is
  'Migration 103. Which appointments changed since a moment, over all clinics.';

revoke execute on function login.appointment_changes(timestamptz, integer)
  from public, anon, authenticated, service_role;

do $$
begin
  -- Where the role is not there yet, prisma/api-role.sql makes it and grants the same.
  if exists (select from pg_roles where rolname = 'vetcita_api') then
    grant execute on function login.appointment_changes(timestamptz, integer) to vetcita_api;
  end if;
end
$$;

-- The staff's notes about an appointment. They are no change of the appointment: no version, no event. Two people who
-- write at once would each erase the other's words, so who has read the notes says what they read ('' for none), and is
-- told STALE_VERSION when something else stands there now. Success: success, appointment_id, notes, version.
create function set_appointment_notes(
  p_appointment_id uuid, p_notes text, p_performed_by uuid default null, p_expected_notes text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_appointment appointments;
  v_access text;
  v_notes text := nullif(btrim(p_notes), '');
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  select * into v_appointment from appointments where id = p_appointment_id;
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;
  select * into v_appointment from appointments
  where tenant_id = v_appointment.tenant_id and id = p_appointment_id
  for update;
  -- Asked again after the wait: they may be of the staff no longer.
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;

  if v_appointment.notes is distinct from v_notes then
    if coalesce(v_appointment.notes, '') <> p_expected_notes then
      return atomic_refusal('STALE_VERSION');
    end if;
    update appointments set notes = v_notes
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id;
  end if;
  return jsonb_build_object(
    'success', true, 'appointment_id', v_appointment.id, 'notes', v_notes, 'version', v_appointment.version
  );
end
$$;

comment on function set_appointment_notes(uuid, text, uuid, text) is
  'Migration 103. The staff''s notes about an appointment.';

revoke execute on function set_appointment_notes(uuid, text, uuid, text) from public, anon;
grant execute on function set_appointment_notes(uuid, text, uuid, text) to authenticated, service_role;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '103'
$$;

comment on function schema_version() is 'Migration 103. The number of the newest migration.';

commit;
