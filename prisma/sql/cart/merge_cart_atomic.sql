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
  'Merges a list of items into a cart, per line the larger quantity.';
revoke execute on function merge_cart_atomic(uuid, text, jsonb) from public, anon;
grant execute on function merge_cart_atomic(uuid, text, jsonb) to authenticated, service_role;
