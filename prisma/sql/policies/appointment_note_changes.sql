revoke all on appointment_note_changes from public, anon, authenticated, service_role;
alter table appointment_note_changes enable row level security;
grant select on appointment_note_changes to authenticated;
grant select, insert, update, delete on appointment_note_changes to service_role;

create policy appointment_note_changes_backend on appointment_note_changes to service_role
  using (true) with check (true);
create policy appointment_note_changes_staff on appointment_note_changes for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy appointment_note_changes_backend on appointment_note_changes is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
