-- Returns the codes of every rule that refuses this time to this appointment, in the order in which they are reported; an
-- empty array if none does. Called while the vet and the pet's owner are locked.
--
-- p_busy_until: the end with the buffer. p_as_staff: hours and limits are for pet owners. p_owner_id, p_limit: whose open
-- appointments count, and how many there may be; null for staff and for moves. p_except_id: the appointment itself.
--
-- All rules but the hours are one statement, because each statement of a function costs as much as what it looks up. No
-- appointment is longer than 24 hours (a check of the table), so none that began earlier matters: those bounds keep
-- each index to a day, whichever the planner takes. Time off and closed days end by infinity, which is a bound for the
-- planner: of a range with one end only it expects a third of the table.
create or replace function slot_refusals(
  p_tenant_id text, p_vet_id uuid, p_service_id uuid, p_pet_id uuid, p_start timestamptz, p_end timestamptz,
  p_busy_until timestamptz, p_timezone text, p_as_staff boolean, p_owner_id uuid default null,
  p_limit integer default null, p_except_id uuid default null
) returns text[]
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_day_before timestamptz := p_start - interval '24 hours';
  v_outside boolean := not p_as_staff and not vet_is_open(p_tenant_id, p_vet_id, p_start, p_end, p_timezone);
  v_refusals text[];
begin
  select array_remove(array[
    case when exists (
      select from vet_services where tenant_id = p_tenant_id and service_id = p_service_id
    ) and not exists (
      select from vet_services where tenant_id = p_tenant_id and service_id = p_service_id and vet_id = p_vet_id
    ) then 'VET_DOES_NOT_OFFER' end,
    case when exists (
      select from clinic_closures
      where tenant_id = p_tenant_id and end_time > p_start and end_time <= 'infinity' and start_time < p_end
    ) then 'CLINIC_CLOSED' end,
    case when v_outside then 'OUTSIDE_HOURS' end,
    case when exists (
      select from vet_time_off
      where tenant_id = p_tenant_id and vet_id = p_vet_id and end_time > p_start and end_time <= 'infinity'
        and start_time < p_busy_until
    ) then 'VET_AWAY' end,
    case when p_limit is not null and p_limit <= (
      select count(*) from appointments
      where tenant_id = p_tenant_id
        and pet_id = any (array(select id from pets where tenant_id = p_tenant_id and owner_id = p_owner_id))
        and start_time > v_now - interval '24 hours' and end_time > v_now and is_open_status(status, hold_expires_at, v_now)
    ) then 'LIMIT_REACHED' end,
    -- The buffer is the vet's: a pet may go from one vet to the next.
    case when exists (
      select from appointments
      where tenant_id = p_tenant_id and pet_id = p_pet_id and start_time > v_day_before and start_time < p_end
        and end_time > p_start and is_active_status(status, hold_expires_at, v_now) and id is distinct from p_except_id
    ) then 'PET_BUSY' end,
    -- Active appointments of one vet never overlap, squeeze-ins apart (the constraint), so among those that begin before
    -- p_busy_until the last one is also the last to end, and one row of the index is enough. A hold that has expired is
    -- still in the constraint, and passed over here. The range is the bound of the other index by vet.
    case when coalesce((
      select busy_until > p_start from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id and start_time > v_day_before and start_time < p_busy_until
        and tstzrange(start_time, busy_until, '[)') && tstzrange(v_day_before, p_busy_until)
        and status not in ('cancelled', 'no_show') and not squeeze_in
        and (status <> 'held' or hold_expires_at > v_now) and id is distinct from p_except_id
      order by start_time desc
      limit 1
    ), false) or exists (
      -- Squeeze-ins overlap others, so each may be the one that is in the way. They have an index of their own.
      select from appointments
      where tenant_id = p_tenant_id and vet_id = p_vet_id and start_time > v_day_before and start_time < p_busy_until
        and busy_until > p_start and squeeze_in and status not in ('cancelled', 'no_show')
        and id is distinct from p_except_id
    ) then 'SLOT_UNAVAILABLE' end
  ], null) into v_refusals;
  return v_refusals;
end
$$;

comment on function slot_refusals(
  text, uuid, uuid, uuid, timestamptz, timestamptz, timestamptz, text, boolean, uuid, integer, uuid
) is 'Every rule that refuses a time to an appointment.';
revoke execute on function slot_refusals(
  text, uuid, uuid, uuid, timestamptz, timestamptz, timestamptz, text, boolean, uuid, integer, uuid
) from public, anon, authenticated, service_role;
