-- Takes back 095: its function.

begin;
set local search_path = public, pg_temp;

drop function if exists available_slots(text, uuid, date, date, uuid, integer, uuid);

commit;
