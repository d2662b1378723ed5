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

comment on function invalid_cart_item(jsonb) is 'What is wrong with a list of cart items.';
revoke execute on function invalid_cart_item(jsonb) from public, anon, authenticated, service_role;
