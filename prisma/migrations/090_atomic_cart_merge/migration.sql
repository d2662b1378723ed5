-- 090: merge_cart_atomic, and cart_contents, which every answer about a cart uses.
--
-- The race that ends: two devices sign in with a cart each. Both read the stored cart, both add their lines in memory,
-- both write the sum, and the second write erases the first one's lines. The first time there is no row to lock. So the
-- merge begins with an upsert of the cart's row: the second device's insert waits for the first one's, finds it, and
-- locks it. Each line gets the larger quantity, so that sending a merge again changes nothing.
--
-- Additive: it alters no table. It may run again, from any client, and commits as a whole or not at all. Needs 088.

begin;
set local search_path = public, pg_temp;

do $$
begin
  if to_regprocedure('refuse_downgrade(integer, text[])') is null then
    raise exception '090 needs 088: run 088_atomic_appointment_booking first.';
  end if;
end
$$;

select refuse_downgrade(90, array['catalogue_items', 'cart_contents', 'invalid_cart_item', 'merge_cart_atomic']);

-- An argument cannot be renamed by "create or replace", so a version with other names is dropped first.
do $$
begin
  if exists (
    select from pg_proc
    where oid = to_regprocedure('merge_cart_atomic(uuid, text, jsonb)')
      and proargnames <> array['p_customer_id', 'p_tenant_id', 'p_new_items']
  ) then
    drop function merge_cart_atomic(uuid, text, jsonb);
  end if;
end
$$;

-- prisma/sql/cart/catalogue_items.sql
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

comment on function catalogue_items(text, uuid[]) is 'Migration 090. Products and services as one catalogue.';
revoke execute on function catalogue_items(text, uuid[]) from public, anon, authenticated, service_role;

-- prisma/sql/cart/cart_contents.sql
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

comment on function cart_contents(text, uuid) is 'Migration 090. A cart with the catalogue''s names and prices.';
revoke execute on function cart_contents(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/cart/invalid_cart_item.sql
-- Returns the first problem of a list of cart items, as a sentence with the item's index, or null.
create or replace function invalid_cart_item(p_items jsonb) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_problem text;
begin
  if p_items is null or jsonb_typeof(p_items) <> 'array' then
    return 'se esperaba una lista';
  end if;
  if jsonb_array_length(p_items) > 200 then
    return 'no puede tener más de 200 artículos';
  end if;
  select format('artículo %s: %s', e.ordinality - 1, p.problem) into v_problem
  from jsonb_array_elements(p_items) with ordinality e (item, ordinality)
  cross join lateral (
    select case
      when jsonb_typeof(e.item) <> 'object' then 'se esperaba un objeto'
      when jsonb_typeof(e.item -> 'type') is distinct from 'string'
        or e.item ->> 'type' not in ('product', 'service')
        then 'type debe ser "product" o "service"'
      when jsonb_typeof(e.item -> 'id') is distinct from 'string'
        or e.item ->> 'id' !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        then 'id debe ser un uuid'
      when jsonb_typeof(e.item -> 'quantity') is distinct from 'number'
        then 'quantity debe ser un número entero de 1 a 99'
      when (e.item ->> 'quantity')::numeric not between 1 and 99
        or (e.item ->> 'quantity')::numeric <> trunc((e.item ->> 'quantity')::numeric)
        then 'quantity debe ser un número entero de 1 a 99'
    end as problem
  ) p
  where p.problem is not null
  order by e.ordinality
  limit 1;
  return v_problem;
end
$$;

comment on function invalid_cart_item(jsonb) is 'Migration 090. What is wrong with a list of cart items.';
revoke execute on function invalid_cart_item(jsonb) from public, anon, authenticated, service_role;

-- prisma/sql/cart/merge_cart_atomic.sql
-- Merges a list of items into a customer's cart. Two devices that sign in at once would each read the stored cart, add
-- their own lines and write the sum, and the second write would erase the first one's lines. The first time there is no
-- row to lock, so the merge begins with an upsert of the cart's row, and the second device waits for the first one's.
-- Each line gets the larger of the two quantities, so that sending a merge again changes nothing.
--
-- Success: success, item_count, items (see cart_contents) and, unless the list was empty, changes: the lines that were
-- added, raised, unchanged and rejected.
create or replace function merge_cart_atomic(p_customer_id uuid, p_tenant_id text, p_new_items jsonb) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_problem text;
  v_last_added timestamptz;
  v_catalogue jsonb;
  v_lines jsonb;
  v_changes jsonb;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_customer_id) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  v_problem := invalid_cart_item(p_new_items);
  if v_problem is not null then
    return atomic_refusal('INVALID_ITEMS', v_problem);
  end if;

  if p_new_items = '[]' and not exists (select from carts where tenant_id = p_tenant_id and customer_id = v_actor) then
    return cart_contents(p_tenant_id, v_actor);
  end if;
  if not exists (select from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null) then
    return atomic_refusal('CUSTOMER_NOT_FOUND');
  end if;
  if p_new_items = '[]' then
    return cart_contents(p_tenant_id, v_actor);
  end if;

  -- This is the lock, and the first time it makes the row that carries it.
  insert into carts (tenant_id, customer_id) values (p_tenant_id, v_actor)
  on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
  -- Checked again: the customer may have been deleted while this call waited.
  if not exists (select from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null) then
    return atomic_refusal('CUSTOMER_NOT_FOUND');
  end if;

  -- New lines come after those in the cart, even if another session's clock was ahead.
  select greatest(clock_timestamp(), max(added_at)) into v_last_added
  from cart_items where tenant_id = p_tenant_id and customer_id = v_actor;

  v_catalogue := catalogue_items(
    p_tenant_id, array(select distinct (item ->> 'id')::uuid from jsonb_array_elements(p_new_items) item)
  );
  -- the lines in the order of the list, each with what becomes of it
  select coalesce(
      jsonb_agg(
        to_jsonb(j) || jsonb_build_object(
          'name', v_catalogue -> (j.type || '/' || j.id) -> 'name',
          'outcome', case
            when not coalesce((v_catalogue -> (j.type || '/' || j.id) ->> 'is_sold')::boolean, false) then 'rejected'
            when j.quantity_before is null then 'added'
            when j.quantity_before < j.quantity then 'raised'
            else 'unchanged'
          end
        )
        order by j.position
      ),
      '[]'
    ) into v_lines
  from (
    select w.type, w.id, w.quantity, w.position, i.quantity as quantity_before
    from (
      select item ->> 'type' as type, (item ->> 'id')::uuid as id,
        max((item ->> 'quantity')::numeric)::integer as quantity, min(ordinality) as position
      from jsonb_array_elements(p_new_items) with ordinality e (item, ordinality)
      group by 1, 2
    ) w
    left join cart_items i
      on i.tenant_id = p_tenant_id and i.customer_id = v_actor and i.item_type = w.type and i.item_id = w.id
  ) j;

  insert into cart_items as i (tenant_id, customer_id, item_type, item_id, quantity, added_at)
  select p_tenant_id, v_actor, l.type, l.id, l.quantity, v_last_added + l.position * interval '1 microsecond'
  from jsonb_to_recordset(v_lines) l (type text, id uuid, quantity integer, position bigint, outcome text)
  where l.outcome in ('added', 'raised')
  on conflict (tenant_id, customer_id, item_type, item_id) do update
    -- greatest: a writer that takes no lock may have written in between
    set quantity = greatest(i.quantity, excluded.quantity);

  select jsonb_build_object(
    'added', coalesce(jsonb_agg(line order by n) filter (where outcome = 'added'), '[]'),
    'raised', coalesce(
      jsonb_agg(line || jsonb_build_object('quantity_before', quantity_before) order by n)
        filter (where outcome = 'raised'),
      '[]'
    ),
    'unchanged', coalesce(
      jsonb_agg(line || jsonb_build_object('quantity', quantity_before) order by n)
        filter (where outcome = 'unchanged'),
      '[]'
    ),
    'rejected', coalesce(
      jsonb_agg((line - 'name') || jsonb_build_object('reason', 'ITEM_NOT_FOUND') order by n)
        filter (where outcome = 'rejected'),
      '[]'
    )
  ) into v_changes
  from (
    select n, l ->> 'outcome' as outcome, l -> 'quantity_before' as quantity_before,
      l - array['position', 'outcome', 'quantity_before'] as line
    from jsonb_array_elements(v_lines) with ordinality e (l, n)
  ) lines;

  return cart_contents(p_tenant_id, v_actor) || jsonb_build_object('changes', v_changes);
end
$$;

comment on function merge_cart_atomic(uuid, text, jsonb) is
  'Migration 090. Merges a list of items into a cart, per line the larger quantity.';
revoke execute on function merge_cart_atomic(uuid, text, jsonb) from public, anon;
grant execute on function merge_cart_atomic(uuid, text, jsonb) to authenticated, service_role;
-- prisma/sql ends

do $$
begin
  raise notice 'Atomic cart merge migration complete';
end
$$;

commit;
