-- Takes back 102: its view and its rights. Hours and categories stay.

begin;
set local search_path = public, pg_temp;

drop view if exists public_vet_hours;
revoke insert (category), update (category) on store_products from authenticated;

create or replace function schema_version() returns text
language sql immutable security definer
set search_path = public, pg_temp
as $$
  select '100'
$$;

comment on function schema_version() is 'Migration 100. The number of the newest migration.';

commit;
