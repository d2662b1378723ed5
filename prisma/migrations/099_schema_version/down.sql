-- Takes back 099: its function. The API then reports that it is not ready.

begin;
set local search_path = public, pg_temp;

drop function if exists schema_version();

commit;
