revoke all on vet_time_off from public, anon, authenticated, service_role;
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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
