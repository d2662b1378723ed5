-- Returns whether any time off of this vet overlaps [p_start, p_busy_until). Every time off ends by infinity; but of a
-- range that has one end only the planner expects a third of the table, and reads all of it.
create or replace function vet_is_away(p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz)
returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from vet_time_off
    where tenant_id = p_tenant_id and vet_id = p_vet_id and end_time > p_start and end_time <= 'infinity'
      and start_time < p_busy_until
  );
end
$$;

comment on function vet_is_away(text, uuid, timestamptz, timestamptz) is 'Whether time off overlaps.';
revoke execute on function vet_is_away(text, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
