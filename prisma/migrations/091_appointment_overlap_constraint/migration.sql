-- 091: the exclusion constraint: active appointments of one vet never overlap, whoever writes them. The conflict check
-- is redefined, because with the constraint one row of the index is enough.
--
-- The functions of 088 and 089 lock before they check, and refuse with a code. The constraint also holds for every
-- other writer: old code, psql, a bug. It includes the buffer: a vet is busy until busy_until.
--
-- Building it takes an exclusive lock on appointments and cannot be done concurrently: about 4 s for 100,000
-- appointments. On a big table, run it off-hours.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(91, array['slot_is_taken']);

do $$
declare
  v_overlaps bigint;
begin
  select count(*) into v_overlaps
  from (
    select start_time, max(busy_until) over (
      partition by tenant_id, vet_id order by start_time rows between unbounded preceding and 1 preceding
    ) as busy_before
    from appointments
    where status not in ('cancelled', 'no_show')
  ) a
  where a.busy_before > a.start_time;
  if v_overlaps > 0 then
    raise exception '% active appointments begin while their vet is still busy with another one. Nothing was changed.',
        v_overlaps
      using hint = 'List them, then move or cancel one of each pair: '
        'select a.tenant_id, a.vet_id, a.id, a.start_time, a.busy_until, b.id as other_id, b.start_time as other_start '
        'from appointments a join appointments b on b.tenant_id = a.tenant_id and b.vet_id = a.vet_id and b.id > a.id '
        'and tstzrange(a.start_time, a.busy_until) && tstzrange(b.start_time, b.busy_until) '
        'where a.status not in (''cancelled'', ''no_show'') and b.status not in (''cancelled'', ''no_show'') '
        'order by a.tenant_id, a.vet_id, a.start_time;';
  end if;

  -- A new extension gets a schema of its own: PUBLIC may execute its many functions, and they do not belong in an API.
  if not exists (select from pg_extension where extname = 'btree_gist') then
    begin
      create schema if not exists extensions;
      create extension btree_gist with schema extensions;
    exception
      when insufficient_privilege then
        raise exception 'The extension btree_gist is missing and "%" may not create it.', current_user
          using hint = 'As a superuser or the database''s owner run: create extension btree_gist;';
    end;
  end if;
end
$$;

alter table appointments add constraint appointments_vet_no_overlap
  exclude using gist (tenant_id with =, vet_id with =, tstzrange(start_time, busy_until, '[)') with &&)
  where (status not in ('cancelled', 'no_show'));

-- prisma/sql/booking/slot_is_taken.sql
-- Returns whether another active appointment of this vet overlaps [p_start, p_busy_until). Called while the vet is
-- locked.
--
-- Active appointments of one vet never overlap (the constraint of 091), so among those that begin before p_busy_until
-- the last one is also the last to end, and one row of the index is enough. If the constraint was dropped and plain
-- writers made overlaps, a longer appointment behind a later one is not seen.
--
-- No appointment is longer than 24 hours (a check of the table), so none that began earlier matters. The bound is there
-- twice, as a start and as a range, for the two indexes by vet: whichever the planner takes, it reads a day and not the
-- vet's history.
create or replace function slot_is_taken(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return coalesce(
    (
      select busy_until > p_start
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id
        and status not in ('cancelled', 'no_show')
        and start_time > p_start - interval '24 hours' and start_time < p_busy_until
        and tstzrange(start_time, busy_until, '[)') && tstzrange(p_start - interval '24 hours', p_busy_until)
        and id is distinct from p_except_id
      order by start_time desc
      limit 1
    ),
    false
  );
end
$$;

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 091. Whether another active appointment overlaps.';
revoke execute on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;
-- prisma/sql ends

commit;
