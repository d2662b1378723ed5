revoke all on store_products from public, anon, authenticated, service_role;
alter table store_products enable row level security;
grant select on store_products to anon, authenticated;
grant insert (tenant_id, name, description, price, stock, is_active),
  update (name, description, price, stock, is_active, deleted_at) on store_products to authenticated;
grant insert (category), update (category) on store_products to authenticated;
grant select, insert, update, delete on store_products to service_role;

create policy store_products_backend on store_products to service_role using (true) with check (true);
create policy store_products_public on store_products for select to anon, authenticated
  using (is_active and deleted_at is null);
create policy store_products_staff on store_products to authenticated
  using (tenant_id = any ((select clinic_access.staff_tenants())::text[]))
  with check (tenant_id = any ((select clinic_access.staff_tenants())::text[]));

comment on policy store_products_backend on store_products is
  'On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
