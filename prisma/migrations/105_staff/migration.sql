-- 105: the clinic's staff: invitations, roles and the vets' weekly hours. For admins.
--
-- The races that end: the last two admins take each other's role away; a vet loses the role while a booking is running;
-- two callers write one vet's week. Admins and vets are locked by their profile rows, in the order of their keys, as
-- everywhere.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(105, array[
  'invite_staff', 'revoke_staff_invite', 'read_staff_invite', 'accept_staff_invite', 'set_staff_role', 'invalid_hours',
  'set_vet_hours'
]);

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
  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;
  if length(v_label) > 200 then
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
  'Migration 105. Makes the link of an invitation to the staff.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/revoke_staff_invite.sql
-- Ends an invitation that was not accepted. Revoking one that does not exist succeeds, since it gives no one anything.
-- For admins.
create or replace function revoke_staff_invite(p_tenant_id text, p_invite_id uuid, p_performed_by uuid default null)
returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
begin
  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Waits for a caller who is accepting it; then it is used, and stays as a record.
  delete from links
  where tenant_id = p_tenant_id and id = p_invite_id and kind = 'invitation' and used_at is null;
  if not found and exists (
    select from links where tenant_id = p_tenant_id and id = p_invite_id and kind = 'invitation'
  ) then
    return atomic_refusal('LINK_USED');
  end if;
  return jsonb_build_object('success', true, 'invite_id', p_invite_id);
end
$$;

comment on function revoke_staff_invite(text, uuid, uuid) is
  'Migration 105. Ends an invitation that was not accepted.';
revoke execute on function revoke_staff_invite(text, uuid, uuid) from public, anon;
grant execute on function revoke_staff_invite(text, uuid, uuid) to authenticated, service_role;

-- prisma/sql/staff/read_staff_invite.sql
-- Returns what an invitation offers.
--
-- Success: success, role, clinic_name, yours (this actor has accepted it already).
create or replace function read_staff_invite(p_tenant_id text, p_token text, p_performed_by uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_link := open_link(p_tenant_id, 'invitation', p_token, v_caller.actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  return (
    select jsonb_build_object('success', true, 'role', v_link.role, 'clinic_name', name, 'yours', v_link.is_replay)
    from tenants where id = p_tenant_id
  );
end
$$;

comment on function read_staff_invite(text, text, uuid) is 'Migration 105. What an invitation to the staff offers.';
revoke execute on function read_staff_invite(text, text, uuid) from public, anon;
grant execute on function read_staff_invite(text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/accept_staff_invite.sql
-- Gives the actor the invitation's role. A client of the clinic keeps pets and appointments, and a person whom the
-- clinic had removed is back, because an admin decided so. An actor who is staff already keeps their role, and the link
-- can still be used by the person it was made for, so that an admin who tries it loses nothing.
--
-- Success: success, profile_id, role. The same actor may repeat the call.
create or replace function accept_staff_invite(
  p_tenant_id text, p_token text, p_full_name text, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_actor uuid := v_caller.actor;
  v_name text := btrim(p_full_name);
  v_link record;
  v_role text;
begin
  if not v_caller.allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 then
    return atomic_refusal('INVALID_NAME');
  end if;

  v_link := open_link(p_tenant_id, 'invitation', p_token, v_actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  -- The admin who made it and the actor, so that neither's role changes while this runs; then the link.
  perform from profiles
  where tenant_id = p_tenant_id and id in (v_link.created_by, v_actor)
  order by tenant_id, id
  for no key update;
  v_link := open_link(p_tenant_id, 'invitation', p_token, v_actor, p_lock => true);
  select role into v_role from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null;
  if v_link.is_replay then
    return jsonb_build_object('success', true, 'replayed', true, 'profile_id', v_actor, 'role', v_role);
  end if;
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;

  insert into profiles (tenant_id, id, role, full_name) values (p_tenant_id, v_actor, v_link.role, v_name)
  on conflict (tenant_id, id) do update set role = excluded.role, deleted_at = null
    -- Decided here and not before: an actor without a profile has no row to lock, and may be using two links at once.
    where profiles.role = 'owner' or profiles.deleted_at is not null;
  if not found then
    return atomic_refusal('ALREADY_STAFF');
  end if;
  update links set used_at = now(), used_by = v_actor where tenant_id = p_tenant_id and id = v_link.id;
  return jsonb_build_object('success', true, 'profile_id', v_actor, 'role', v_link.role);
end
$$;

comment on function accept_staff_invite(text, text, text, uuid) is
  'Migration 105. Gives the actor an invitation''s role, or says why not.';
revoke execute on function accept_staff_invite(text, text, text, uuid) from public, anon;
grant execute on function accept_staff_invite(text, text, text, uuid) to authenticated, service_role;

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
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('owner', 'receptionist', 'vet', 'admin') then
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

  if v_old_role in ('vet', 'admin') and p_role not in ('vet', 'admin') then
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
  'Migration 105. Gives one of the staff another role, or takes them off the staff, or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;

-- prisma/sql/staff/invalid_hours.sql
-- Returns the first problem of a week of hours, as a sentence, or null.
create or replace function invalid_hours(p_hours jsonb) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_problem text;
begin
  if p_hours is null or jsonb_typeof(p_hours) <> 'array' then
    return 'se esperaba una lista';
  end if;
  if jsonb_array_length(p_hours) > 70 then
    return 'no puede tener más de 70 tramos';
  end if;
  select format('tramo %s: %s', e.n - 1, p.problem) into v_problem
  from jsonb_array_elements(p_hours) with ordinality e (item, n)
  cross join lateral (
    select case
      when jsonb_typeof(e.item) <> 'object' then 'se esperaba un objeto'
      when coalesce(e.item ->> 'weekday', '') !~ '^[1-7]$' then 'weekday debe ser de 1 (lunes) a 7'
      when coalesce(e.item ->> 'opens', '') !~ '^([01]\d|2[0-3]):[0-5]\d$' then 'opens debe ser HH:MM'
      when coalesce(e.item ->> 'closes', '') !~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$' then 'closes debe ser HH:MM'
      when e.item ->> 'closes' <= e.item ->> 'opens' then 'debe cerrar después de abrir'
    end as problem
  ) p
  where p.problem is not null
  order by e.n
  limit 1;
  if v_problem is not null then
    return v_problem;
  end if;
  if exists (
    select from jsonb_array_elements(p_hours) with ordinality a (item, n)
    join jsonb_array_elements(p_hours) with ordinality b (item, n)
      on b.n > a.n and b.item ->> 'weekday' = a.item ->> 'weekday'
      and b.item ->> 'opens' < a.item ->> 'closes' and a.item ->> 'opens' < b.item ->> 'closes'
  ) then
    return 'dos tramos de un día se superponen';
  end if;
  return null;
end
$$;

comment on function invalid_hours(jsonb) is 'Migration 105. What is wrong with a week of hours.';
revoke execute on function invalid_hours(jsonb) from public, anon, authenticated, service_role;

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
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_problem := invalid_hours(p_hours);
  if v_problem is not null then
    return atomic_refusal('INVALID_HOURS', v_problem);
  end if;

  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and role in ('vet', 'admin') and deleted_at is null
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

comment on function set_vet_hours(text, uuid, jsonb, uuid) is 'Migration 105. Replaces a vet''s weekly hours.';
revoke execute on function set_vet_hours(text, uuid, jsonb, uuid) from public, anon;
grant execute on function set_vet_hours(text, uuid, jsonb, uuid) to authenticated, service_role;
-- prisma/sql ends

commit;
