revoke all on clinic_closures from public, anon, authenticated, service_role;
alter table clinic_closures enable row level security;
-- Written by add_clinic_closure and remove_clinic_closure alone, apart from a backend.
grant select on clinic_closures to anon, authenticated;
grant select, insert, update, delete on clinic_closures to service_role;

create policy clinic_closures_backend on clinic_closures to service_role using (true) with check (true);
create policy clinic_closures_public on clinic_closures for select to anon, authenticated using (true);

comment on policy clinic_closures_backend on clinic_closures is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
