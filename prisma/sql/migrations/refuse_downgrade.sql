-- Raises if any of these functions comes from a newer migration, by the number in its comment: an older file that is
-- run again would bring the older function back. Each migration that makes functions starts with it.
create or replace function refuse_downgrade(p_migration integer, p_functions text[]) returns void
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_newer record;
begin
  select p.proname, stamp.migration into v_newer
  from pg_proc p
  cross join lateral (
    select substring(obj_description(p.oid, 'pg_proc') from '^Migration (\d+)\.')::integer as migration
  ) stamp
  where p.pronamespace in (select oid from pg_namespace where nspname in ('public', 'clinic_access', 'login'))
    and p.proname = any (p_functions) and stamp.migration > p_migration
  order by stamp.migration desc
  limit 1;
  if found then
    raise exception '% comes from migration %, which is newer than %: nothing was changed.',
        v_newer.proname, lpad(v_newer.migration::text, 3, '0'), lpad(p_migration::text, 3, '0')
      using hint = 'The newer function already does what the older file brings; there is nothing to run.';
  end if;
end
$$;

comment on function refuse_downgrade(integer, text[]) is
  'Raises if one of these functions comes from a newer migration.';
revoke execute on function refuse_downgrade(integer, text[]) from public, anon, authenticated, service_role;
