-- Takes back 096: its function. Profiles stay.

begin;
set local search_path = public, pg_temp;

drop function if exists join_clinic(text, text, text);
-- checks of 000 use it
comment on function is_plain(text) is 'Migration 000. Whether a text has no control characters and none that nobody sees.';

commit;
