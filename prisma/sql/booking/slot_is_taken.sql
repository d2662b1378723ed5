-- Returns whether another active appointment of this vet overlaps [p_start, p_busy_until). Called while the vet is
-- locked.
--
-- Active appointments of one vet never overlap (the constraint of 091), so among those that begin before p_busy_until
-- the last one is also the last to end, and one row of the index is enough. If the constraint was dropped and plain
-- writers made overlaps, a longer appointment behind a later one is not seen.
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
        and start_time < p_busy_until
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
