-- 103: what the staff's calendar needs: changes within a moment, and notes.
--
-- Each process of the API that has listeners asks a few times a second what changed since its last question, over all
-- clinics at once. NOTIFY would be shorter, but inside a transaction it serializes every commit of the database, on the
-- booking path. An index costs a booking one more entry at its right end.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(103, array['appointment_changes', 'appointment_history', 'set_appointment_notes']);

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
-- Returns the changes since a moment, over all clinics: which appointment of which clinic, the instants of its start
-- before and after, and the clinic's dates that it touched before or touches now. The instants are equal if it did not
-- move, and "before" is null for a booking. It returns nothing else: a listener learns where to look, and then reads with
-- their own rights.
--
-- Where the event does not say when it ended, it is as long as it is now.
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
  start_before timestamptz, start_after timestamptz, days date[]
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_from timestamptz := coalesce(p_since, clock_timestamp()) - make_interval(secs => p_overlap_ms / 1000.0);
  -- Nothing is younger than this. A range of which the planner does not know both ends seems to it to be a third of the
  -- table.
  v_to timestamptz := greatest(clock_timestamp(), v_from) + interval '24 hours';
begin
  return query
    select c.id, c.tenant_id, c.appointment_id, c.event, c.at, c.before, c.after,
      array(
        select distinct first.day + n
        from (values
          (c.before, coalesce(c.end_before, c.before + c.length)), (c.after, coalesce(c.end_after, c.after + c.length))
        ) span (starts, ends)
        cross join lateral (
          -- an appointment that ends at midnight does not touch the next day
          select (span.starts at time zone c.timezone)::date as day,
            (greatest(span.ends - interval '1 microsecond', span.starts) at time zone c.timezone)::date as last_day
        ) first
        cross join lateral generate_series(0, first.last_day - first.day) n
        order by 1
      )
    from (
      -- Looked up for each row, because a join may read the other table from its beginning.
      select e.id, e.tenant_id, e.appointment_id, e.event, e.at,
        (e.details -> 'from' ->> 'start_time')::timestamptz as before,
        coalesce(e.details -> 'to' ->> 'start_time', e.details ->> 'start_time')::timestamptz as after,
        (e.details -> 'from' ->> 'end_time')::timestamptz as end_before,
        coalesce(e.details -> 'to' ->> 'end_time', e.details ->> 'end_time')::timestamptz as end_after,
        (
          select a.end_time - a.start_time from appointments a
          where a.tenant_id = e.tenant_id and a.id = e.appointment_id
        ) as length,
        (select t.timezone from tenants t where t.id = e.tenant_id) as timezone
      from appointment_events e
      where e.at > v_from and e.at < v_to
      union all
      select n.id, n.tenant_id, n.appointment_id, 'notes_changed', n.at, n.start_time, n.start_time, n.end_time,
        n.end_time, null, (select t.timezone from tenants t where t.id = n.tenant_id)
      from (
        select c.id, c.tenant_id, c.appointment_id, c.at, a.start_time, a.end_time
        from appointment_note_changes c
        left join lateral (
          select o.start_time, o.end_time from appointments o
          where o.tenant_id = c.tenant_id and o.id = c.appointment_id
          limit 1
        ) a on true
        where c.at > v_from and c.at < v_to
      ) n
    ) c
    order by c.at;
end
$$;

comment on function login.appointment_changes(timestamptz, integer) is
  'Migration 103. Which appointments changed since a moment, over all clinics.';
revoke execute on function login.appointment_changes(timestamptz, integer)
  from public, anon, authenticated, service_role;

do $$
declare
  v_login text;
begin
  -- Only to a login that was let into this database: roles are the cluster's, and another database's API may have the
  -- usual name. Where none was yet, prisma/api-role.sql grants the same.
  for v_login in
    select r.rolname from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
    where n.nspname = 'public' and r.rolname ~ '^vetcita_api(_\w+)?$'
  loop
    execute format('grant execute on function login.appointment_changes(timestamptz, integer) to %I', v_login);
  end loop;
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

-- prisma/sql/booking/appointment_history.sql
-- Returns what happened to an appointment, for the pet's owner and for staff of its clinic; no rows for anyone else. Staff
-- also see when its notes changed. Both can be read in their tables, too, but only staff and owners may, and a policy has
-- to find out everything that an owner may see before it shows them the history of one appointment.
create or replace function appointment_history(
  p_tenant_id text, p_appointment_id uuid, p_performed_by uuid default null
) returns table (id uuid, event text, actor_id uuid, details jsonb, at timestamptz)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_pet_id uuid;
  v_is_staff boolean;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return;
  end if;
  select a.pet_id into v_pet_id from appointments a where a.tenant_id = p_tenant_id and a.id = p_appointment_id;
  v_is_staff := appointment_access(p_tenant_id, v_pet_id, v_actor, true) = 'staff';
  if not v_is_staff and appointment_access(p_tenant_id, v_pet_id, v_actor, false) <> 'owner' then
    return;
  end if;
  return query
    select e.id, e.event, e.actor_id, e.details, e.at
    from appointment_events e
    where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
    order by e.at, e.id;
  if v_is_staff then
    return query
      select n.id, 'notes_changed', n.actor_id, null::jsonb, n.at
      from appointment_note_changes n
      where n.tenant_id = p_tenant_id and n.appointment_id = p_appointment_id
      order by n.at, n.id;
  end if;
end
$$;

comment on function appointment_history(text, uuid, uuid) is 'Migration 103. What happened to an appointment, for its owner and staff.';
revoke execute on function appointment_history(text, uuid, uuid) from public, anon;
grant execute on function appointment_history(text, uuid, uuid) to authenticated, service_role;
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
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

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
revoke all on appointment_note_changes from public, anon, authenticated, service_role;
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
