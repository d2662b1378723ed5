-- 097: row-level security on every table.
--
-- THIS IS THE CUT-OVER for clients that wrote tables directly as "authenticated": from here on appointments, carts,
-- events and roles change through the functions alone. Deploy 088 to 096 first, move the clients to the functions, then
-- run this one.
--
-- Pet owners see their own rows and the clinic's public ones, staff see their clinic's rows, anon the public ones. The
-- tables' owner and service_role see everything.
--
-- The policies call functions without arguments inside "(select …)", so that each is evaluated once per query: per row
-- they were a hundred times slower, and a policy on profiles that reads profiles would call itself. The functions are
-- security definer, in a schema that no API exposes.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(97, array[
  'user_id', 'member_tenants', 'staff_tenants', 'admin_tenants', 'own_pets', 'own_appointments'
]);

do $$
begin
  create schema if not exists clinic_access;
exception
  when insufficient_privilege then
    raise exception 'The schema clinic_access is missing and "%" may not create it.', current_user
      using hint = format('As the database''s owner run: create schema clinic_access authorization %I;', current_user);
end
$$;

grant usage on schema clinic_access to anon, authenticated, service_role;

-- The history of migrations is its owner's alone. It does not exist if the files were run by hand.
do $$
begin
  if to_regclass('_prisma_migrations') is not null then
    revoke all on _prisma_migrations from public, anon, authenticated, service_role;
    alter table _prisma_migrations enable row level security;
  end if;
end
$$;

-- prisma/sql/identity/user_id.sql
-- Returns the user of the claims, for policies, which may not call request_actor themselves.
create or replace function clinic_access.user_id() returns uuid
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  return request_actor();
end
$$;

comment on function clinic_access.user_id() is 'Migration 097. The user of the claims.';
revoke execute on function clinic_access.user_id() from public, anon;
grant execute on function clinic_access.user_id() to authenticated, service_role;

-- prisma/sql/identity/member_tenants.sql
-- Returns the clinics in which the user has a profile, in any role.
create or replace function clinic_access.member_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null
  );
end
$$;

comment on function clinic_access.member_tenants() is 'Migration 097. The clinics in which the user has a profile.';
revoke execute on function clinic_access.member_tenants() from public, anon;
grant execute on function clinic_access.member_tenants() to authenticated, service_role;

-- prisma/sql/identity/staff_tenants.sql
-- Returns the clinics in which the user is staff.
create or replace function clinic_access.staff_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null and role in ('receptionist', 'vet', 'admin')
  );
end
$$;

comment on function clinic_access.staff_tenants() is 'Migration 097. The clinics in which the user is staff.';
revoke execute on function clinic_access.staff_tenants() from public, anon;
grant execute on function clinic_access.staff_tenants() to authenticated, service_role;

-- prisma/sql/identity/admin_tenants.sql
-- Returns the clinics in which the user is an admin.
create or replace function clinic_access.admin_tenants() returns text[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select tenant_id from profiles where id = v_actor and deleted_at is null and role = 'admin'
  );
end
$$;

comment on function clinic_access.admin_tenants() is 'Migration 097. The clinics in which the user is an admin.';
revoke execute on function clinic_access.admin_tenants() from public, anon;
grant execute on function clinic_access.admin_tenants() to authenticated, service_role;

-- prisma/sql/identity/own_pets.sql
-- Returns the user's pets, including retired ones, whose past visits stay visible. A pet's id is enough beside the
-- tenant, because only a backend may choose it (policies/pets.sql).
create or replace function clinic_access.own_pets() returns uuid[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select p.id
    from profiles o
    join pets p on p.tenant_id = o.tenant_id and p.owner_id = o.id
    where o.id = v_actor and o.deleted_at is null
  );
end
$$;

comment on function clinic_access.own_pets() is 'Migration 097. The user''s pets.';
revoke execute on function clinic_access.own_pets() from public, anon;
grant execute on function clinic_access.own_pets() to authenticated, service_role;

-- prisma/sql/identity/own_appointments.sql
-- Returns the appointments of the user's pets.
create or replace function clinic_access.own_appointments() returns uuid[]
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
begin
  return array(
    select a.id
    from profiles o
    join pets p on p.tenant_id = o.tenant_id and p.owner_id = o.id
    join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
    where o.id = v_actor and o.deleted_at is null
  );
end
$$;

comment on function clinic_access.own_appointments() is 'Migration 097. The appointments of the user''s pets.';
revoke execute on function clinic_access.own_appointments() from public, anon;
grant execute on function clinic_access.own_appointments() to authenticated, service_role;

-- prisma/sql/availability/public_vets.sql
-- Runs with its owner's rights on purpose: it shows three columns of rows that visitors may not read. An admin who
-- keeps hours treats patients; an admin who keeps none only manages the clinic.
create or replace view public_vets with (security_barrier) as
select p.tenant_id, p.id, p.full_name
from profiles p
where p.deleted_at is null
  and (
    p.role = 'vet'
    or (p.role = 'admin' and exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id))
  )
-- The order of profiles_staff_idx: without statistics every index by the clinic costs the same, and the planner prefers
-- one that spares it a sort. The others hold all of the clinic's clients.
order by p.tenant_id, p.full_name;

comment on view public_vets is 'Migration 097. The vets whom visitors see.';
revoke all on public_vets from public, anon, authenticated;
grant select on public_vets to anon, authenticated, service_role;

-- prisma/sql/booking/appointment_states.sql
-- Appointments with what may be done with them now, by the same rules that the functions apply. Row-level security
-- gives readers the rows that they may read in the table.
create or replace view appointment_states with (security_invoker) as
select a.tenant_id, a.id, a.pet_id, a.service_id, a.vet_id, a.start_time, a.end_time, a.busy_until, a.status, a.version,
  a.reason, a.notes, a.cancellation_reason, a.updated_at, t.timezone, t.currency,
  is_movable(a.status) as staff_can_move,
  is_movable(a.status) and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_move,
  'cancelled' = any (next_statuses(a.status)) as staff_can_cancel,
  'cancelled' = any (next_statuses(a.status))
    and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_cancel,
  next_statuses(a.status) as next_statuses,
  a.status in ('scheduled', 'confirmed', 'checked_in', 'in_progress') and a.end_time > now() as is_upcoming
from appointments a
join tenants t on t.id = a.tenant_id;

comment on view appointment_states is 'Migration 097. Appointments with what may be done with them now.';
revoke all on appointment_states from public, anon, authenticated;
grant select on appointment_states to authenticated, service_role;

-- prisma/sql/policies/tenants.sql
revoke all on tenants from public, anon, authenticated;
alter table tenants enable row level security;
grant select on tenants to anon, authenticated;
grant update (name, timezone, currency, locale, change_notice_minutes) on tenants to authenticated;
grant select, insert, update, delete on tenants to service_role;

create policy tenants_backend on tenants to service_role using (true) with check (true);
create policy tenants_public on tenants for select to anon, authenticated using (true);
create policy tenants_admin on tenants for update to authenticated
  using (id = any ((select clinic_access.admin_tenants())::text[]))
  with check (id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy tenants_backend on tenants is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/profiles.sql
revoke all on profiles from public, anon, authenticated;
alter table profiles enable row level security;
grant select on profiles to authenticated;
-- Not granted: role, deleted_at and ids. With them a user could take a role, or another person's profile or pet.
grant insert (tenant_id, full_name, email, phone), update (full_name, email, phone) on profiles to authenticated;
grant select, insert, update, delete on profiles to service_role;

create policy profiles_backend on profiles to service_role using (true) with check (true);
create policy profiles_own on profiles for select to authenticated
  using (id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[]));
create policy profiles_staff on profiles for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy profiles_staff_insert on profiles for insert to authenticated
  with check (role = 'owner' and tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy profiles_own_update on profiles for update to authenticated
  using (id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[]))
  with check (id = (select clinic_access.user_id()));
create policy profiles_staff_update on profiles for update to authenticated
  using (role = 'owner' and tenant_id = any ((select clinic_access.staff_tenants())::text[]))
  with check (role = 'owner');

comment on policy profiles_backend on profiles is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/pets.sql
revoke all on pets from public, anon, authenticated;
alter table pets enable row level security;
grant select on pets to authenticated;
grant insert (tenant_id, owner_id, name, species), update (name, species, deleted_at) on pets to authenticated;
grant select, insert, update, delete on pets to service_role;

create policy pets_backend on pets to service_role using (true) with check (true);
create policy pets_own on pets for select to authenticated
  using (
    owner_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy pets_staff on pets for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy pets_own_insert on pets for insert to authenticated
  with check (
    owner_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy pets_staff_insert on pets for insert to authenticated
  with check (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy pets_own_update on pets for update to authenticated
  using (
    owner_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  )
  with check (owner_id = (select clinic_access.user_id()));
create policy pets_staff_update on pets for update to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy pets_backend on pets is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/services.sql
revoke all on services from public, anon, authenticated;
alter table services enable row level security;
grant select on services to anon, authenticated;
grant insert (tenant_id, name, duration_minutes, buffer_minutes, price, is_active),
  update (name, duration_minutes, buffer_minutes, price, is_active, deleted_at) on services to authenticated;
grant select, insert, update, delete on services to service_role;

create policy services_backend on services to service_role using (true) with check (true);
create policy services_public on services for select to anon, authenticated using (is_active and deleted_at is null);
create policy services_staff on services for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy services_admin on services to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy services_backend on services is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/appointments.sql
revoke all on appointments from public, anon, authenticated;
alter table appointments enable row level security;
grant select on appointments to authenticated;
grant select, insert, update, delete on appointments to service_role;

create policy appointments_backend on appointments to service_role using (true) with check (true);
create policy appointments_own on appointments for select to authenticated
  using (
    pet_id = any ((select clinic_access.own_pets())::uuid[])
    and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy appointments_staff on appointments for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy appointments_backend on appointments is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/vet_hours.sql
revoke all on vet_hours from public, anon, authenticated;
alter table vet_hours enable row level security;
grant select on vet_hours to authenticated;
grant insert (tenant_id, vet_id, weekday, opens, closes), update (weekday, opens, closes), delete
  on vet_hours to authenticated;
grant select, insert, update, delete on vet_hours to service_role;

create policy vet_hours_backend on vet_hours to service_role using (true) with check (true);
create policy vet_hours_members on vet_hours for select to authenticated
  using (tenant_id = any ((select clinic_access.member_tenants())::text[]));
create policy vet_hours_admin on vet_hours to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy vet_hours_backend on vet_hours is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/vet_time_off.sql
revoke all on vet_time_off from public, anon, authenticated;
alter table vet_time_off enable row level security;
grant select on vet_time_off to authenticated;
grant insert (tenant_id, vet_id, start_time, end_time, reason), update (start_time, end_time, reason), delete
  on vet_time_off to authenticated;
grant select, insert, update, delete on vet_time_off to service_role;

create policy vet_time_off_backend on vet_time_off to service_role using (true) with check (true);
-- Staff only: why a vet is away is the clinic's business.
create policy vet_time_off_staff on vet_time_off for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy vet_time_off_staff_write on vet_time_off to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy vet_time_off_backend on vet_time_off is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/store_products.sql
revoke all on store_products from public, anon, authenticated;
alter table store_products enable row level security;
grant select on store_products to anon, authenticated;
grant insert (tenant_id, name, description, price, stock, is_active),
  update (name, description, price, stock, is_active, deleted_at) on store_products to authenticated;
grant select, insert, update, delete on store_products to service_role;

create policy store_products_backend on store_products to service_role using (true) with check (true);
create policy store_products_public on store_products for select to anon, authenticated
  using (is_active and deleted_at is null);
create policy store_products_staff on store_products to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy store_products_backend on store_products is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/carts.sql
revoke all on carts from public, anon, authenticated;
alter table carts enable row level security;
grant select on carts to authenticated;
grant select, insert, update, delete on carts to service_role;

create policy carts_backend on carts to service_role using (true) with check (true);
create policy carts_own on carts for select to authenticated
  using (
    customer_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy carts_staff on carts for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy carts_backend on carts is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/cart_items.sql
revoke all on cart_items from public, anon, authenticated;
alter table cart_items enable row level security;
grant select on cart_items to authenticated;
grant select, insert, update, delete on cart_items to service_role;

create policy cart_items_backend on cart_items to service_role using (true) with check (true);
create policy cart_items_own on cart_items for select to authenticated
  using (
    customer_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy cart_items_staff on cart_items for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy cart_items_backend on cart_items is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';

-- prisma/sql/policies/appointment_events.sql
revoke all on appointment_events from public, anon, authenticated;
alter table appointment_events enable row level security;
grant select on appointment_events to authenticated;
grant select, insert, update, delete on appointment_events to service_role;

create policy appointment_events_backend on appointment_events to service_role using (true) with check (true);
create policy appointment_events_own on appointment_events for select to authenticated
  using (
    appointment_id = any ((select clinic_access.own_appointments())::uuid[])
    and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy appointment_events_staff on appointment_events for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy appointment_events_backend on appointment_events is
  'Migration 097. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
-- prisma/sql ends

commit;
