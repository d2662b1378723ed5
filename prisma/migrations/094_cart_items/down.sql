-- Takes back 094: its function. Carts keep every line.

begin;
set local search_path = public, pg_temp;

drop function if exists set_cart_item_atomic(uuid, text, text, uuid, integer, text);

commit;
