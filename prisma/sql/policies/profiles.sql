revoke all on profiles from public, anon, authenticated, service_role;
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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
