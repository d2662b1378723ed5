-- 105: the clinic's staff: invited by a link that works once and ends, given another role, let go; and the vets' weekly
-- hours. For admins.
--
-- The races that end here: the last two admins take each other's role away; a vet loses theirs while somebody books with
-- them; two people write one vet's week. Admins and vets are locked by their profile rows, in the order of their keys,
-- as everywhere.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(105, array[
  'is_clinic_admin', 'invite_staff', 'revoke_staff_invite', 'check_staff_invite', 'read_staff_invite',
  'accept_staff_invite', 'set_staff_role', 'invalid_hours', 'set_vet_hours'
]);

-- prisma/sql/identity/is_clinic_admin.sql
create or replace function is_clinic_admin(p_tenant_id text, p_actor uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from profiles where tenant_id = p_tenant_id and id = p_actor and role = 'admin' and deleted_at is null
  );
end
$$;

comment on function is_clinic_admin(text, uuid) is 'Migration 105. Admin of this tenant, and not deleted.';
revoke execute on function is_clinic_admin(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/staff/invite_staff.sql
-- Makes the link that gives whoever opens it a role. Success: success, invite_id, token, role, expires_at. The token is
-- told this once and kept nowhere.
create or replace function invite_staff(
  p_tenant_id text, p_role text, p_label text default null, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_token text := new_link_token();
  v_expires_at timestamptz := now() + interval '168 hours';
  v_id uuid;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;
  if length(btrim(p_label)) > 200 then
    return atomic_refusal('INVALID_NAME');
  end if;
  insert into staff_invites (tenant_id, role, label, token_hash, created_by, expires_at)
  values (p_tenant_id, p_role, nullif(btrim(p_label), ''), link_token_hash(v_token), v_actor, v_expires_at)
  returning id into v_id;
  return jsonb_build_object(
    'success', true, 'invite_id', v_id, 'token', v_token, 'role', p_role, 'expires_at', v_expires_at
  );
end
$$;

comment on function invite_staff(text, text, text, uuid) is 'Migration 105. Makes a colleague''s single-use link.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/revoke_staff_invite.sql
-- Ends a link that was not used. Again is a no-op: what is not there gives no rights.
create or replace function revoke_staff_invite(p_tenant_id text, p_invite_id uuid, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Waits for who is using it; then it is used, and stays as what happened.
  delete from staff_invites where tenant_id = p_tenant_id and id = p_invite_id and used_at is null;
  if not found and exists (select from staff_invites where tenant_id = p_tenant_id and id = p_invite_id) then
    return atomic_refusal('LINK_USED');
  end if;
  return jsonb_build_object('success', true, 'invite_id', p_invite_id);
end
$$;

comment on function revoke_staff_invite(text, uuid, uuid) is 'Migration 105. Ends an invitation that was not used.';
revoke execute on function revoke_staff_invite(text, uuid, uuid) from public, anon;
grant execute on function revoke_staff_invite(text, uuid, uuid) to authenticated, service_role;

-- prisma/sql/staff/check_staff_invite.sql
-- What keeps this actor from using an invitation, or null. Whoever made it may be an admin no longer: then it gives
-- nothing, or a dismissed admin would have kept a key.
create or replace function check_staff_invite(p_invite staff_invites) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  return case
    when p_invite.id is null then 'LINK_INVALID'
    when p_invite.used_at is not null then 'LINK_USED'
    when p_invite.expires_at <= clock_timestamp() then 'LINK_EXPIRED'
    when not is_clinic_admin(p_invite.tenant_id, p_invite.created_by) then 'LINK_INVALID'
  end;
end
$$;

comment on function check_staff_invite(staff_invites) is 'Migration 105. What keeps an invitation from being used.';
revoke execute on function check_staff_invite(staff_invites) from public, anon, authenticated, service_role;

-- prisma/sql/staff/read_staff_invite.sql
-- What an invitation offers, for who has it in their hands. Success: success, role, clinic_name, yours (this actor has
-- used it already).
create or replace function read_staff_invite(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_invite staff_invites;
  v_refusal text;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_invite.used_by = v_actor then null else check_staff_invite(v_invite) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;
  return (
    select jsonb_build_object(
      'success', true, 'role', v_invite.role, 'clinic_name', name, 'yours', v_invite.used_by is not null
    )
    from tenants where id = p_tenant_id
  );
end
$$;

comment on function read_staff_invite(text, text, uuid) is 'Migration 105. What an invitation offers.';
revoke execute on function read_staff_invite(text, text, uuid) from public, anon;
grant execute on function read_staff_invite(text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/accept_staff_invite.sql
-- Makes the actor one of the staff, with the role of the invitation. A client of the clinic stays one, with pets and
-- appointments; whom the clinic had taken off its books is back, because an admin says so. Who is of the staff already
-- keeps the role that they have, and the link stays for whom it was meant: an admin who tries it out loses nothing.
-- Success: success, profile_id, role. Using it again is a replay for the one who used it.
create or replace function accept_staff_invite(
  p_tenant_id text, p_token text, p_full_name text, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_full_name);
  v_invite staff_invites;
  v_role text;
  v_refusal text;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 then
    return atomic_refusal('INVALID_NAME');
  end if;

  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_invite.used_by = v_actor then null else check_staff_invite(v_invite) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;
  -- Who made it and who uses it, so that neither's role changes beside this; then the link.
  perform from profiles
  where tenant_id = p_tenant_id and id in (v_invite.created_by, v_actor)
  order by tenant_id, id
  for no key update;
  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and id = v_invite.id
  for update;
  select role into v_role from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null;
  if v_invite.used_by = v_actor then
    return jsonb_build_object('success', true, 'replayed', true, 'profile_id', v_actor, 'role', v_role);
  end if;
  v_refusal := case
    when check_staff_invite(v_invite) is not null then check_staff_invite(v_invite)
    when v_role in ('receptionist', 'vet', 'admin') then 'ALREADY_STAFF'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  insert into profiles (tenant_id, id, role, full_name) values (p_tenant_id, v_actor, v_invite.role, v_name)
  on conflict (tenant_id, id) do update set role = excluded.role, deleted_at = null
    -- two links used by one person at once, where there was no profile to lock
    where profiles.role = 'owner' or profiles.deleted_at is not null;
  if not found then
    return atomic_refusal('ALREADY_STAFF');
  end if;
  update staff_invites set used_at = now(), used_by = v_actor
  where tenant_id = p_tenant_id and id = v_invite.id;
  return jsonb_build_object('success', true, 'profile_id', v_actor, 'role', v_invite.role);
end
$$;

comment on function accept_staff_invite(text, text, text, uuid) is
  'Migration 105. Makes the actor one of the staff, or says why not.';
revoke execute on function accept_staff_invite(text, text, text, uuid) from public, anon;
grant execute on function accept_staff_invite(text, text, text, uuid) to authenticated, service_role;

-- prisma/sql/staff/set_staff_role.sql
-- Gives one of the staff another role; 'owner' takes them off the staff, and leaves them what every client has. Nobody
-- becomes staff by this: that takes an invitation, which they accept.
--
-- A vet who will treat no longer may have appointments to come. Then the answer is HAS_APPOINTMENTS, with how many there
-- are and the next of them, and nothing has changed: somebody should see to them first. With p_keep_appointments the role
-- goes at once all the same, for who must not wait that long; the appointments stay where they are, on the calendar,
-- until they are moved. No booking can come in between: it waits for the vet's row and then finds no vet.
--
-- Success: success, profile_id, old_role, role, appointments (how many are left with them). The same role is a replay.
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

  -- Every admin, the actor among them, with the one whose role changes: whoever else does this waits, and then counts
  -- the admins that are left.
  perform from profiles
  where tenant_id = p_tenant_id and (id = p_profile_id or (role = 'admin' and deleted_at is null))
  order by tenant_id, id
  for no key update;
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
    select count(*), coalesce(jsonb_agg(f.id order by f.start_time) filter (where f.n <= 50), '[]')
      into v_left, v_next
    from (
      select id, start_time, row_number() over (order by start_time) as n
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_profile_id
        and is_movable(status) and start_time > clock_timestamp()
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
  'Migration 105. Gives one of the staff another role, or takes them off it; or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;

-- prisma/sql/staff/invalid_hours.sql
-- The first thing that is wrong with a week of hours, or null.
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
-- Replaces a vet's week by this one: [{weekday 1..7, opens 'HH:MM', closes 'HH:MM' or '24:00'}]; a break is the time
-- between two rows. Written as a whole, under the vet's lock, so that two who save at once leave one's week and not both
-- weeks' rows. Success: success, vet_id, hours (how many rows).
create or replace function set_vet_hours(p_tenant_id text, p_vet_id uuid, p_hours jsonb, p_performed_by uuid default null)
returns jsonb
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

-- prisma/sql/policies/staff_invites.sql
revoke all on staff_invites from public, anon, authenticated;
alter table staff_invites enable row level security;
grant select (tenant_id, id, role, label, created_by, created_at, expires_at, used_at, used_by) on staff_invites
  to authenticated, service_role;

create policy staff_invites_backend on staff_invites to service_role using (true) with check (true);
create policy staff_invites_admin on staff_invites for select to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy staff_invites_backend on staff_invites is
  'Migration 105. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
-- prisma/sql ends

commit;
