-- Takes back 093: its functions. Appointments keep their status.

begin;
set local search_path = public, pg_temp;

drop function if exists change_appointment_status_atomic(uuid, text, uuid, boolean, text, integer, text);
drop function if exists check_status_change(text, text, timestamptz, integer, text, text, integer);
drop function if exists next_statuses(text);

commit;
