-- Takes back 100: its function.

begin;
set local search_path = public, pg_temp;

drop function if exists login.signed_in(text, text);

commit;
