revoke all on vet_services from public, anon, authenticated, service_role;
alter table vet_services enable row level security;
-- Written by set_service_vets alone, apart from a backend.
grant select on vet_services to anon, authenticated;
grant select, insert, update, delete on vet_services to service_role;

create policy vet_services_backend on vet_services to service_role using (true) with check (true);
create policy vet_services_public on vet_services for select to anon, authenticated using (true);

comment on policy vet_services_backend on vet_services is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
