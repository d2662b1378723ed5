-- 099: schema_version(): the number of the newest migration, for whoever may not read the history itself. The API asks
-- before it calls itself ready. Every later migration replaces it with its own number.

begin;
set local search_path = public, pg_temp;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '099'
$$;

comment on function schema_version() is 'Migration 099. The number of the newest migration.';

revoke execute on function schema_version() from public, anon;
grant execute on function schema_version() to authenticated, service_role;

commit;
