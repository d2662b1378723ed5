-- Staff see the claims and admins the invitations: that there is one, since when and until when. No one sees a hash.
revoke all on links from public, anon, authenticated, service_role;
alter table links enable row level security;
grant select (
  tenant_id, id, kind, client_id, role, label, created_by, created_at, expires_at, used_at, used_by
) on links to authenticated, service_role;

create policy links_backend on links to service_role using (true) with check (true);
create policy links_claims on links for select to authenticated
  using (kind = 'claim' and tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy links_invitations on links for select to authenticated
  using (kind = 'invitation' and tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy links_backend on links is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
