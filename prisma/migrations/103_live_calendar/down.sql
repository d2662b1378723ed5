-- Takes back 103: its functions and its index. Notes and events stay.

begin;
set local search_path = public, pg_temp;

drop function if exists set_appointment_notes(uuid, text, uuid, text);
drop function if exists login.appointment_changes(timestamptz, integer);
drop index if exists appointment_events_at_idx;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '102'
$$;

comment on function schema_version() is 'Migration 102. The number of the newest migration.';

commit;
