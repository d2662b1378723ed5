-- Takes back 091: its constraint, and the conflict check that relies on it. The extension stays, because something else
-- may use it by now.

begin;
set local search_path = public, pg_temp;

alter table appointments drop constraint if exists appointments_vet_no_overlap;

-- Returns whether another active appointment of this vet overlaps [p_start, p_busy_until). Called while the vet is
-- locked. No appointment is longer than 24 hours (a check of the table), so the scan reads one day of the index and not
-- the vet's history.
create or replace function slot_is_taken(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from appointments
    where tenant_id = p_tenant_id and vet_id = p_vet_id
      and status not in ('cancelled', 'no_show')
      and start_time > p_start - interval '24 hours' and start_time < p_busy_until
      and busy_until > p_start
      and id is distinct from p_except_id
  );
end
$$;

comment on function slot_is_taken(text, uuid, timestamptz, timestamptz, uuid) is
  'Migration 088. Whether another active appointment overlaps.';

commit;
