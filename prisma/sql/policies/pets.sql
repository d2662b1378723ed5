revoke all on pets from public, anon, authenticated, service_role;
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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
