revoke all on tenants from public, anon, authenticated, service_role;
alter table tenants enable row level security;
grant select on tenants to anon, authenticated;
grant update (
  name, timezone, currency, locale, change_notice_minutes, book_lead_minutes, book_horizon_days, max_open_appointments,
  limit_unconfirmed, grace_minutes
) on tenants to authenticated;
grant select, insert, update, delete on tenants to service_role;

create policy tenants_backend on tenants to service_role using (true) with check (true);
create policy tenants_public on tenants for select to anon, authenticated using (true);
create policy tenants_admin on tenants for update to authenticated
  using (id = any ((select clinic_access.admin_tenants())::text[]))
  with check (id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy tenants_backend on tenants is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
