revoke all on appointments from public, anon, authenticated, service_role;
alter table appointments enable row level security;
-- Not granted: notes, which are the staff's and read by appointment_notes, and what replays of a booking compare. A
-- distributed database drops rights on columns from its shards, and then nobody reads the table there
-- (docs/decisions/032).
grant select (
  tenant_id, id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status, reason, created_by, version,
  created_at, updated_at, cancelled_at, cancellation_reason, price, currency, service_name, squeeze_in, overrides,
  hold_expires_at
) on appointments to authenticated;
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
