revoke all on cart_items from public, anon, authenticated, service_role;
alter table cart_items enable row level security;
grant select on cart_items to authenticated;
grant select, insert, update, delete on cart_items to service_role;

create policy cart_items_backend on cart_items to service_role using (true) with check (true);
create policy cart_items_own on cart_items for select to authenticated
  using (
    customer_id = (select clinic_access.user_id()) and tenant_id = any ((select clinic_access.member_tenants())::text[])
  );
create policy cart_items_staff on cart_items for select to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy cart_items_backend on cart_items is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
