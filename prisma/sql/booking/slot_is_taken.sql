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
  'Whether another active appointment overlaps.';
revoke execute on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;
