revoke all on appointment_events from public, anon, authenticated, service_role;
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
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
