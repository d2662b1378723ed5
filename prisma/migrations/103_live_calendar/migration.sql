-- 103: what the staff's calendar needs: changes within a moment, and notes.
--
-- Each process of the API that has listeners asks a few times a second what changed since its last question, over all
-- clinics at once. NOTIFY would be shorter, but inside a transaction it serializes every commit of the database, on the
-- booking path. An index costs a booking one more entry at its right end.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(103, array['appointment_changes', 'set_appointment_notes']);

-- Building it blocks writers of events: on a table of millions, run this off-hours.
create index appointment_events_at_idx on appointment_events (at);

-- A day is read with all of its appointments, including cancelled ones and those of vets who left; without this index
-- the planner went through every pet of the clinic. It has no more columns because the vets of a clinic start at the
-- same times, and equal entries are stored once. Building it blocks writers, about a second for a million appointments.
-- If that is too long, run this before the file, outside of a transaction: create index concurrently
-- appointments_day_idx on appointments (tenant_id, start_time);
-- A build by "create index concurrently" that was interrupted leaves an invalid index, which "if not exists" would accept.
do $$
begin
  if exists (select from pg_index where indexrelid = to_regclass('public.appointments_day_idx') and not indisvalid) then
    drop index public.appointments_day_idx;
  end if;
end
$$;
create index if not exists appointments_day_idx on appointments (tenant_id, start_time);

-- prisma/sql/live/appointment_changes.sql
-- Returns the changes since a moment, over all clinics: which appointment of which clinic, and the instants and the
-- clinic's dates of its start before and after. Both are equal if it did not move, and "before" is null for a booking.
-- It returns nothing else: a listener learns where to look, and then reads with their own rights.
--
-- An event's time is the clock's when it was written, but the event becomes visible when its transaction commits:
-- later, and not always in that order. So each call looks back p_overlap_ms further than the last one's moment, and the
-- caller drops the event_ids that it has seen. A transaction that takes longer than that to commit is seen the next
-- time the calendar is read as a whole.
--
-- p_since: the greatest "at" that the caller has seen; null for now.
create or replace function login.appointment_changes(
  p_since timestamptz default null, p_overlap_ms integer default 5000
) returns table (
  event_id uuid, tenant_id text, appointment_id uuid, event text, at timestamptz,
  start_before timestamptz, start_after timestamptz, day_before date, day_after date
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  -- A variable, so that the planner knows its value and reads the end of the indexes.
  v_from timestamptz := coalesce(p_since, clock_timestamp()) - make_interval(secs => p_overlap_ms / 1000.0);
begin
  return query
    select c.id, c.tenant_id, c.appointment_id, c.event, c.at, c.before, c.after,
      (c.before at time zone t.timezone)::date, (c.after at time zone t.timezone)::date
    from (
      select e.id, e.tenant_id, e.appointment_id, e.event, e.at,
        (e.details -> 'from' ->> 'start_time')::timestamptz as before,
        coalesce(e.details -> 'to' ->> 'start_time', e.details ->> 'start_time')::timestamptz as after
      from appointment_events e
      where e.at > v_from
      union all
      select n.id, n.tenant_id, n.appointment_id, 'notes_changed', n.at, a.start_time, a.start_time
      from appointment_note_changes n
      join appointments a on a.tenant_id = n.tenant_id and a.id = n.appointment_id
      where n.at > v_from
    ) c
    join tenants t on t.id = c.tenant_id
    order by c.at;
end
$$;

comment on function login.appointment_changes(timestamptz, integer) is
  'Migration 103. Which appointments changed since a moment, over all clinics.';
revoke execute on function login.appointment_changes(timestamptz, integer)
  from public, anon, authenticated, service_role;

do $$
begin
  -- If the role does not exist yet, prisma/api-role.sql makes it and grants the same.
  if exists (select from pg_roles where rolname = 'vetcita_api') then
    grant execute on function login.appointment_changes(timestamptz, integer) to vetcita_api;
  end if;
end
$$;

-- prisma/sql/live/record_note_change.sql
-- Records every change of notes, whoever writes it. Notes that come with a booking are covered by the booking's event.
create or replace function record_note_change() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
begin
  insert into appointment_note_changes (tenant_id, appointment_id, actor_id, at)
  values (
    new.tenant_id, new.id, coalesce(nullif(current_setting('vetcita.actor', true), '')::uuid, request_actor()),
    clock_timestamp()
  );
  return null;
end
$$;

create or replace trigger appointments_notes_changed after update of notes on appointments
  for each row when (new.notes is distinct from old.notes)
  execute function record_note_change();

comment on function record_note_change() is 'Migration 103. Trigger: writes one row for each change of notes.';
revoke execute on function record_note_change() from public, anon, authenticated, service_role;

-- prisma/sql/live/set_appointment_notes.sql
-- Sets the staff's notes about an appointment. That is no change of the appointment: no version, no event. Two people
-- who write at once would erase each other's text, so a caller may pass the notes that they read ('' for none), and
-- gets STALE_VERSION if the notes are different by now. p_tenant_id: an appointment of another clinic is NOT_FOUND.
--
-- Success: success, appointment_id, notes, version.
create or replace function set_appointment_notes(
  p_appointment_id uuid, p_notes text, p_performed_by uuid default null, p_expected_notes text default null,
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
  v_notes text := nullif(btrim(p_notes), '');
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  select * into v_appointment from appointments
  where id = p_appointment_id and tenant_id = coalesce(p_tenant_id, tenant_id);
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;
  select * into v_appointment from appointments
  where tenant_id = v_appointment.tenant_id and id = p_appointment_id
  for update;
  -- Checked again after the wait: the actor may have lost the role.
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;

  if v_appointment.notes is distinct from v_notes then
    if coalesce(v_appointment.notes, '') <> p_expected_notes then
      return atomic_refusal('STALE_VERSION');
    end if;
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments set notes = v_notes
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id;
    perform set_config('vetcita.actor', '', true);
  end if;
  return jsonb_build_object(
    'success', true, 'appointment_id', v_appointment.id, 'notes', v_notes, 'version', v_appointment.version
  );
end
$$;

comment on function set_appointment_notes(uuid, text, uuid, text, text) is
  'Migration 103. Sets the staff''s notes about an appointment.';
revoke execute on function set_appointment_notes(uuid, text, uuid, text, text) from public, anon;
grant execute on function set_appointment_notes(uuid, text, uuid, text, text) to authenticated, service_role;

-- prisma/sql/policies/appointment_note_changes.sql
revoke all on appointment_note_changes from public, anon, authenticated;
alter table appointment_note_changes enable row level security;
grant select on appointment_note_changes to authenticated;
grant select, insert, update, delete on appointment_note_changes to service_role;

create policy appointment_note_changes_backend on appointment_note_changes to service_role
  using (true) with check (true);
create policy appointment_note_changes_staff on appointment_note_changes for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy appointment_note_changes_backend on appointment_note_changes is
  'Migration 103. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
-- prisma/sql ends

commit;
