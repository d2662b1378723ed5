revoke all on client_claims from public, anon, authenticated;
alter table client_claims enable row level security;
grant select (tenant_id, id, client_id, created_by, created_at, expires_at, used_at, used_by) on client_claims
  to authenticated, service_role;

create policy client_claims_backend on client_claims to service_role using (true) with check (true);
create policy client_claims_staff on client_claims for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy client_claims_backend on client_claims is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
