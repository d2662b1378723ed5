-- Takes back 090: its functions. Carts keep every line.

begin;
set local search_path = public, pg_temp;

do $$
begin
  if to_regproc('set_cart_item_atomic') is not null then
    raise exception '090 is still needed by 094.' using hint = 'Take 094_cart_items back first.';
  end if;
end
$$;

drop function if exists merge_cart_atomic(uuid, text, jsonb);
drop function if exists invalid_cart_item(jsonb);
drop function if exists cart_contents(text, uuid);
drop function if exists catalogue_items(text, uuid[]);

commit;
