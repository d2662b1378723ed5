-- Returns what the clinic sells under these ids, products and services: an object with "product/<id>" or "service/<id>"
-- for each, which has name, unit_price, is_sold and, of a product, in_stock. Callers keep it in a variable, because a
-- distributed database calls no function that reads tables from a query on another table.
create or replace function catalogue_items(p_tenant_id text, p_ids uuid[]) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_object_agg(c.key, c.item), '{}')
    from (
      select 'product/' || p.id as key, jsonb_build_object(
          'name', p.name, 'unit_price', p.price, 'is_sold', p.is_active and p.deleted_at is null, 'in_stock', p.stock
        ) as item
      from store_products p where p.tenant_id = p_tenant_id and p.id = any (p_ids)
      union all
      select 'service/' || s.id, jsonb_build_object(
          'name', s.name, 'unit_price', s.price, 'is_sold', s.is_active and s.deleted_at is null
        )
      from services s where s.tenant_id = p_tenant_id and s.id = any (p_ids)
    ) c
  );
end
$$;

comment on function catalogue_items(text, uuid[]) is 'Products and services as one catalogue.';
revoke execute on function catalogue_items(text, uuid[]) from public, anon, authenticated, service_role;
