-- Takes back 106: its functions, its index and its table, and so loses who changed which notes when. The notes stay, and so
-- do clients and pets.

begin;
set local search_path = public, pg_temp;

drop function if exists add_client_pet(text, uuid, text, text, uuid, text);
drop function if exists create_client(text, text, text, text, text, text, uuid, text);
drop function if exists request_uuid(text[]);
drop trigger if exists appointments_notes_changed on appointments;
drop function if exists record_note_change();
drop index if exists appointments_day_idx;

-- As 103 made it.
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

-- As 103 made it.
create or replace function set_appointment_notes(
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

drop table if exists appointment_note_changes;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '105'
$$;

comment on function schema_version() is 'Migration 105. The number of the newest migration.';

commit;
