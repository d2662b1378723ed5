-- 106: a day of the calendar out of millions of appointments; a change of the staff's notes is told and remembered; a
-- walk-in client or a pet whose answer got lost is not made twice.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(106, array[
  'record_note_change', 'set_appointment_notes', 'request_uuid', 'create_client', 'add_client_pet'
]);

-- ---------------------------------------------------------------------------------------------------------------------
-- A day of a clinic

-- Whoever reads a day reads all of its appointments, cancelled ones too, of vets who left too; without this index the
-- planner went through every pet of the clinic. No column more: the vets of a clinic start at the same times, and equal
-- entries are kept as one.
-- Building it holds up writers, about a second for a million appointments. Where that is too long, run before this file
-- and outside of a transaction: create index concurrently appointments_day_idx on appointments (tenant_id, start_time);
create index if not exists appointments_day_idx on appointments (tenant_id, start_time);

-- ---------------------------------------------------------------------------------------------------------------------
-- Notes

-- That somebody changed the notes of an appointment, and when; not from what to what, which stands in the notes. Beside
-- appointment_events and not among them: those are one for each change of start, vet or status, owners read them, and
-- these notes are the staff's own.
create table appointment_note_changes (
  tenant_id text not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  appointment_id uuid not null,
  -- a user's id, kept as it was: no foreign key, so that history outlives profiles
  actor_id uuid,
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, appointment_id) references appointments (tenant_id, id) on delete cascade
);
create index appointment_note_changes_appointment_idx on appointment_note_changes (tenant_id, appointment_id, at);
create index appointment_note_changes_at_idx on appointment_note_changes (at);

alter table appointment_note_changes enable row level security;
revoke all on appointment_note_changes from public, anon, authenticated;
grant select on appointment_note_changes to authenticated;
grant select, insert, update, delete on appointment_note_changes to service_role;
create policy appointment_note_changes_backend on appointment_note_changes to service_role
  using (true) with check (true);
create policy appointment_note_changes_staff on appointment_note_changes for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

-- For every writer, as the events are. A booking that brings notes is told by its own event.
create function record_note_change() returns trigger
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

create trigger appointments_notes_changed after update of notes on appointments
  for each row when (new.notes is distinct from old.notes)
  execute function record_note_change();

-- As in 103, and the trigger learns who it was.
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

-- As in 103, and the changes of notes with it, as notes_changed, on the day on which the appointment stands.
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
  -- A variable, so that the planner knows its value and reads the last seconds of the indexes.
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

-- ---------------------------------------------------------------------------------------------------------------------
-- Walk-in clients

-- The id of what one request makes: the same for the same request, and for no other. Sent again after a lost answer, or
-- twice at once, it finds the row that is there. Nobody can choose it: who knows a key cannot find one whose id is to be
-- another's. It says that it is no random uuid (version 8), so it is never the id of an account.
create function request_uuid(variadic p_request text[]) returns uuid
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_hash text := encode(sha256(convert_to(to_json(p_request)::text, 'UTF8')), 'hex');
begin
  return overlay(overlay(left(v_hash, 32) placing '8' from 13) placing 'a' from 17)::uuid;
end
$$;

-- Makes a walk-in client, with a pet where one is named: both or neither. For staff. With a key, the same request again
-- makes nothing and answers with the client as they are now; with other data it is another request.
-- Success: success, client_id, full_name, phone, email, has_account, pets, pet_id (the one made with them), replayed.
create function create_client(
  p_tenant_id text, p_full_name text, p_phone text default null, p_email text default null,
  p_pet_name text default null, p_pet_species text default null,
  p_performed_by uuid default null, p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_full_name);
  v_phone text := nullif(btrim(p_phone), '');
  v_email text := nullif(btrim(p_email), '');
  v_pet text := nullif(btrim(p_pet_name), '');
  v_species text := coalesce(nullif(btrim(p_pet_species), ''), 'other');
  v_client_id uuid := gen_random_uuid();
  v_pet_id uuid := case when v_pet is not null then gen_random_uuid() end;
  v_is_new boolean;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or length(v_phone) not between 3 and 40
    or length(v_pet) > 100
  then
    return atomic_refusal('INVALID_NAME');
  end if;

  if p_idempotency_key is not null then
    v_client_id := request_uuid(
      'client', p_tenant_id, v_actor::text, p_idempotency_key, v_name, v_phone, v_email, v_pet, v_species
    );
    v_pet_id := case when v_pet is not null then request_uuid('pet', v_client_id::text) end;
  end if;
  -- The same request at the same moment waits here for the first one, and finds its row.
  insert into profiles (tenant_id, id, full_name, phone, email)
  values (p_tenant_id, v_client_id, v_name, v_phone, v_email)
  on conflict (tenant_id, id) do nothing;
  v_is_new := found;
  if v_is_new and v_pet is not null then
    insert into pets (tenant_id, id, owner_id, name, species)
    values (p_tenant_id, v_pet_id, v_client_id, v_pet, v_species);
  end if;

  -- Meanwhile they may have made the record their own.
  v_client_id := coalesce(
    (select used_by from client_claims
     where tenant_id = p_tenant_id and client_id = v_client_id and used_by is not null),
    v_client_id
  );
  return (
    select jsonb_build_object(
      'success', true, 'client_id', c.id, 'full_name', c.full_name, 'phone', c.phone, 'email', c.email,
      'has_account', has_account(c.id), 'pet_id', v_pet_id, 'replayed', not v_is_new,
      'pets', coalesce((
        select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'species', p.species) order by p.name, p.id)
        from pets p where p.tenant_id = c.tenant_id and p.owner_id = c.id and p.deleted_at is null
      ), '[]')
    )
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_client_id
  );
end
$$;

-- Adds a pet of a client's, or of one of the staff; keys as in create_client. For staff.
-- Success: success, pet_id, name, species, replayed.
create function add_client_pet(
  p_tenant_id text, p_client_id uuid, p_name text, p_species text default null,
  p_performed_by uuid default null, p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_name);
  v_species text := coalesce(nullif(btrim(p_species), ''), 'other');
  v_pet_id uuid := gen_random_uuid();
  v_pet pets;
  v_is_new boolean := false;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 100 then
    return atomic_refusal('INVALID_NAME');
  end if;

  if p_idempotency_key is not null then
    v_pet_id := request_uuid(
      'client pet', p_tenant_id, v_actor::text, p_idempotency_key, p_client_id::text, v_name, v_species
    );
    -- Before the client is looked for, who may have made the record their own meanwhile.
    select * into v_pet from pets where tenant_id = p_tenant_id and id = v_pet_id;
  end if;
  if v_pet.id is null then
    if not exists (
      select from profiles where tenant_id = p_tenant_id and id = p_client_id and deleted_at is null
    ) then
      return office_refusal('CLIENT_NOT_FOUND');
    end if;
    insert into pets (tenant_id, id, owner_id, name, species)
    values (p_tenant_id, v_pet_id, p_client_id, v_name, v_species)
    on conflict (tenant_id, id) do nothing;
    v_is_new := found;
    select * into v_pet from pets where tenant_id = p_tenant_id and id = v_pet_id;
  end if;
  return jsonb_build_object(
    'success', true, 'pet_id', v_pet.id, 'name', v_pet.name, 'species', v_pet.species, 'replayed', not v_is_new
  );
end
$$;

comment on function record_note_change() is 'Migration 106. Trigger: one line for each change of notes.';
comment on function set_appointment_notes(uuid, text, uuid, text) is
  'Migration 106. The staff''s notes about an appointment.';
comment on function login.appointment_changes(timestamptz, integer) is
  'Migration 106. Which appointments changed since a moment, over all clinics.';
comment on function request_uuid(text[]) is 'Migration 106. The id of what one request makes.';
comment on function create_client(text, text, text, text, text, text, uuid, text) is
  'Migration 106. Makes a walk-in client, with a pet on the spot, once for each key.';
comment on function add_client_pet(text, uuid, text, text, uuid, text) is
  'Migration 106. Adds a client''s pet, once for each key.';

revoke execute on function record_note_change(), request_uuid(text[])
  from public, anon, authenticated, service_role;
revoke execute on function
  create_client(text, text, text, text, text, text, uuid, text), add_client_pet(text, uuid, text, text, uuid, text)
from public, anon;
grant execute on function
  create_client(text, text, text, text, text, text, uuid, text), add_client_pet(text, uuid, text, text, uuid, text)
to authenticated, service_role;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '106'
$$;

comment on function schema_version() is 'Migration 106. The number of the newest migration.';

commit;
