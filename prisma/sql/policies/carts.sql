revoke all on carts from public, anon, authenticated, service_role;
alter table carts enable row level security;
grant select on carts to authenticated;
grant select, insert, update, delete on carts to service_role;

create policy carts_backend on carts to service_role using (true) with check (true);
create policy carts_own on carts for select to authenticated
  using (
    customer_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy carts_staff on carts for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy carts_backend on carts is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
