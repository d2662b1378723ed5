-- Returns a customer's cart as the clinic would sell it now: names and prices come from the catalogue, and lines are in
-- the order in which they were added. available: still on sale and, for a product, enough in stock.
create or replace function cart_contents(p_tenant_id text, p_customer_id uuid) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_ids uuid[] := array(
    select item_id from cart_items where tenant_id = p_tenant_id and customer_id = p_customer_id
  );
  v_catalogue jsonb := catalogue_items(p_tenant_id, v_ids);
begin
  return (
    select jsonb_build_object(
      'success', true,
      'item_count', count(*),
      'items', coalesce(
        jsonb_agg(
          jsonb_build_object(
            'type', i.item_type, 'id', i.item_id, 'name', i.item -> 'name', 'quantity', i.quantity,
            'unit_price', i.item -> 'unit_price',
            'available', coalesce(
              (i.item ->> 'is_sold')::boolean and coalesce((i.item ->> 'in_stock')::integer >= i.quantity, true), false
            )
          )
          order by i.added_at, i.item_type, i.item_id
        ),
        '[]'
      )
    )
    from (
      select c.item_type, c.item_id, c.quantity, c.added_at, v_catalogue -> (c.item_type || '/' || c.item_id) as item
      from cart_items c
      where c.tenant_id = p_tenant_id and c.customer_id = p_customer_id
    ) i
  );
end
$$;

comment on function cart_contents(text, uuid) is 'A cart with the catalogue''s names and prices.';
revoke execute on function cart_contents(text, uuid) from public, anon, authenticated, service_role;
