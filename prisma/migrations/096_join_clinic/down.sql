-- Takes back 096: its function. Profiles stay.

begin;
set local search_path = public, pg_temp;

drop function if exists join_clinic(text, text, text);

commit;
