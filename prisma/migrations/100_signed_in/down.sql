-- Takes back 100: its functions.

begin;
set local search_path = public, pg_temp;

drop function if exists login.signed_in(text, text);
drop function if exists login.remove_abandoned_accounts(interval, integer);

commit;
