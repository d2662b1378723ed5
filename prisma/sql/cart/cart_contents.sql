-- Returns a customer's cart as the clinic would sell it now: names and prices come from the catalogue, and lines are in
-- the order in which they were added. available: still on sale and, for a product, enough in stock.
create or replace function cart_contents(p_tenant_id text, p_customer_id uuid) returns jsonb
language sql stable
set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'success', true,
    'item_count', count(*),
    'items', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'type', i.item_type, 'id', i.item_id, 'name', c.name, 'quantity', i.quantity, 'unit_price', c.unit_price,
          'available', coalesce(c.is_sold and coalesce(c.in_stock >= i.quantity, true), false)
        )
        order by i.added_at, i.item_type, i.item_id
      ),
      '[]'
    )
  )
  from cart_items i
  left join catalogue_items(
    p_tenant_id,
    array(select item_id from cart_items where tenant_id = p_tenant_id and customer_id = p_customer_id)
  ) c on c.item_type = i.item_type and c.item_id = i.item_id
  where i.tenant_id = p_tenant_id and i.customer_id = p_customer_id
$$;

comment on function cart_contents(text, uuid) is 'A cart with the catalogue''s names and prices.';
revoke execute on function cart_contents(text, uuid) from public, anon, authenticated, service_role;
