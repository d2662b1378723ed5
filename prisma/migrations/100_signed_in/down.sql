-- Takes back 100: its function.

begin;
set local search_path = public, pg_temp;

drop function if exists login.signed_in(text, text);

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '099'
$$;

comment on function schema_version() is 'Migration 099. The number of the newest migration.';

commit;
