-- Takes back 095: its functions.

begin;
set local search_path = public, pg_temp;

drop function if exists clinic_moment(timestamptz, text);
drop function if exists available_slots(text, uuid, date, date, uuid, integer, uuid);

commit;
