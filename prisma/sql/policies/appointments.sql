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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
