revoke all on staff_invites from public, anon, authenticated;
alter table staff_invites enable row level security;
grant select (tenant_id, id, role, label, created_by, created_at, expires_at, used_at, used_by) on staff_invites
  to authenticated, service_role;

create policy staff_invites_backend on staff_invites to service_role using (true) with check (true);
create policy staff_invites_admin on staff_invites for select to authenticated
  using (tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy staff_invites_backend on staff_invites is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
