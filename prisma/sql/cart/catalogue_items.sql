-- Returns what the clinic sells under these ids, products and services in one list. in_stock is null for a service.
create or replace function catalogue_items(p_tenant_id text, p_ids uuid[])
returns table (item_type text, item_id uuid, name text, unit_price numeric, is_sold boolean, in_stock integer)
language sql stable
set search_path = public, pg_temp
as $$
  select 'product', p.id, p.name, p.price, p.is_active and p.deleted_at is null, p.stock
  from store_products p where p.tenant_id = p_tenant_id and p.id = any (p_ids)
  union all
  select 'service', s.id, s.name, s.price, s.is_active and s.deleted_at is null, null
  from services s where s.tenant_id = p_tenant_id and s.id = any (p_ids)
$$;

comment on function catalogue_items(text, uuid[]) is 'Products and services as one list.';
revoke execute on function catalogue_items(text, uuid[]) from public, anon, authenticated, service_role;
