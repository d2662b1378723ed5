-- 094: set_cart_item_atomic: sets one line of a cart, or adds to it.
--
-- The race that ends: "read 2, write 3" from two devices at once makes 3 instead of 4. A step is added to what the
-- database holds, under the lock that merges take.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(94, array['set_cart_item_atomic']);

-- prisma/sql/cart/set_cart_item_atomic.sql
-- Sets one line of a cart to a quantity, or adds to it. "Read 2, write 3" from two devices at once makes 3 instead of
-- 4; here a step is added to what the database holds, under the lock that merges take.
create or replace function set_cart_item_atomic(
  p_customer_id uuid,
  p_tenant_id text,
  p_type text,
  p_id uuid,
  p_quantity integer,
  p_mode text default 'set'
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_problem text;
  v_before integer;
  v_after integer;
  v_added_at timestamptz;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_customer_id) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  v_problem := case
    when p_type is null or p_type not in ('product', 'service') then 'type debe ser "product" o "service"'
    when p_id is null then 'id debe ser un uuid'
    when p_mode is null or p_mode not in ('set', 'add') then 'mode debe ser "set" o "add"'
    when p_quantity is null or p_quantity not between case p_mode when 'set' then 0 else -99 end and 99
      then 'quantity debe ser un número entero de 0 a 99'
  end;
  if v_problem is not null then
    return atomic_refusal('INVALID_ITEMS', v_problem);
  end if;
  if not exists (select from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null) then
    return atomic_refusal('CUSTOMER_NOT_FOUND');
  end if;

  -- Checked before the lock, so that refusing an item that was never on sale makes no cart, and again under the lock.
  select quantity into v_before from cart_items
  where tenant_id = p_tenant_id and customer_id = v_actor and item_type = p_type and item_id = p_id;
  if p_quantity > 0 and v_before is null
    and not coalesce((catalogue_items(p_tenant_id, array[p_id]) -> (p_type || '/' || p_id) ->> 'is_sold')::boolean, false)
  then
    return atomic_refusal('ITEM_NOT_FOUND');
  end if;

  insert into carts (tenant_id, customer_id) values (p_tenant_id, v_actor)
  on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
  -- Checked again: the customer may have been deleted while this call waited.
  if not exists (select from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null) then
    return atomic_refusal('CUSTOMER_NOT_FOUND');
  end if;

  select quantity into v_before from cart_items
  where tenant_id = p_tenant_id and customer_id = v_actor and item_type = p_type and item_id = p_id;
  v_before := coalesce(v_before, 0);
  v_after := case p_mode when 'set' then p_quantity else greatest(0, least(99, v_before + p_quantity)) end;

  -- An item that is no longer on sale may be taken out, but not added.
  if v_after > v_before
    and not coalesce((catalogue_items(p_tenant_id, array[p_id]) -> (p_type || '/' || p_id) ->> 'is_sold')::boolean, false)
  then
    return atomic_refusal('ITEM_NOT_FOUND');
  end if;

  if v_after = 0 then
    delete from cart_items
    where tenant_id = p_tenant_id and customer_id = v_actor and item_type = p_type and item_id = p_id;
  else
    select greatest(clock_timestamp(), max(added_at) + interval '1 microsecond') into v_added_at
    from cart_items where tenant_id = p_tenant_id and customer_id = v_actor;
    insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity, added_at)
    values (p_tenant_id, v_actor, p_type, p_id, v_after, v_added_at)
    on conflict (tenant_id, customer_id, item_type, item_id) do update set quantity = excluded.quantity;
  end if;
  return cart_contents(p_tenant_id, v_actor);
end
$$;

comment on function set_cart_item_atomic(uuid, text, text, uuid, integer, text) is
  'Migration 094. Sets or steps one line of a cart.';
revoke execute on function set_cart_item_atomic(uuid, text, text, uuid, integer, text) from public, anon;
grant execute on function set_cart_item_atomic(uuid, text, text, uuid, integer, text) to authenticated, service_role;
-- prisma/sql ends

commit;
