-- Returns the number of the newest migration, for callers who may not read the history: the highest number in the
-- comments of what the migrations made. Taking a migration back lowers it.
create or replace function schema_version() returns text
language sql stable security definer
set search_path = public, pg_temp
as $$
  select max(substring(d.description from '^Migration (\d{3})\.'))
  from pg_description d
  join (
    select 'pg_proc'::regclass as class, oid, pronamespace as namespace from pg_proc
    union all
    select 'pg_class', oid, relnamespace from pg_class
    union all
    select 'pg_policy', p.oid, c.relnamespace from pg_policy p join pg_class c on c.oid = p.polrelid
  ) o on o.class = d.classoid and o.oid = d.objoid
  join pg_namespace n on n.oid = o.namespace
  where n.nspname in ('public', 'clinic_access', 'login') and d.objsubid = 0
$$;

comment on function schema_version() is 'The number of the newest migration.';
revoke execute on function schema_version() from public, anon;
grant execute on function schema_version() to authenticated, service_role;
