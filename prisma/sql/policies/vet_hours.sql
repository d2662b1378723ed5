revoke all on vet_hours from public, anon, authenticated, service_role;
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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
