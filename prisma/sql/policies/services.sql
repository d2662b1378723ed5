revoke all on services from public, anon, authenticated, service_role;
alter table services enable row level security;
grant select on services to anon, authenticated;
grant insert (
    tenant_id, name, duration_minutes, buffer_minutes, price, is_active, booking, category, position, preparation, species
  ),
  update (
    name, duration_minutes, buffer_minutes, price, is_active, deleted_at, booking, category, position, preparation,
    species
  ) on services to authenticated;
grant select, insert, update, delete on services to service_role;

create policy services_backend on services to service_role using (true) with check (true);
create policy services_public on services for select to anon, authenticated using (is_active and deleted_at is null);
create policy services_staff on services for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy services_admin on services to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy services_backend on services is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
