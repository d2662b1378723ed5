-- 102: the hours that a visitor sees of a clinic's vets, and the right to set a product's category for everyone who may
-- write the product.

begin;
set local search_path = public, pg_temp;

-- prisma/sql/availability/public_vet_hours.sql
-- The weekly hours of the vets in public_vets. Runs with its owner's rights on purpose, like public_vets, because
-- visitors may not read the rows. It repeats the condition instead of reading that view, so that either can be taken
-- back alone; an admin with a row here keeps hours, and so is in public_vets.
create or replace view public_vet_hours with (security_barrier) as
select h.tenant_id, h.vet_id, h.weekday, h.opens, h.closes
from vet_hours h
-- looked up for each row, because a join may read all of the clinic's profiles
where (
  select p.role in ('vet', 'admin') and p.deleted_at is null from profiles p
  where p.tenant_id = h.tenant_id and p.id = h.vet_id
);

comment on view public_vet_hours is 'Migration 102. The weekly hours of the vets whom visitors see.';
revoke all on public_vet_hours from public, anon, authenticated, service_role;
grant select on public_vet_hours to anon, authenticated, service_role;
-- prisma/sql ends

drop policy if exists store_products_backend on store_products;
drop policy if exists store_products_public on store_products;
drop policy if exists store_products_staff on store_products;

-- prisma/sql/policies/store_products.sql
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
  'Migration 102. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
-- prisma/sql ends

commit;
