-- Returns what keeps an appointment from taking the new status: an error code or null. is_back: staff take the last step
-- back.
create or replace function check_status_change(
  p_tenant_id text, p_appointment_id uuid, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_status text, p_expected_version integer, p_booked_at timestamptz,
  out refusal text, out is_back boolean
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_clinic record;
  v_is_next boolean := p_new_status = any (next_statuses(p_status));
begin
  select timezone, change_notice_minutes, grace_minutes into v_clinic from tenants where id = p_tenant_id;
  -- from "with the vet" to the waiting room is a step that is always possible, and a step back
  is_back := p_access = 'staff' and coalesce(
    p_new_status = status_before(p_tenant_id, p_appointment_id, p_status, v_clinic.timezone, v_now), false
  );
  refusal := case
    when p_new_status is null or not (v_is_next or is_back) or (p_access = 'owner' and p_new_status <> 'cancelled')
      then 'INVALID_TRANSITION'
    when p_version <> p_expected_version then 'STALE_VERSION'
    -- Nobody comes, is seen or is missed on a day before the appointment's.
    when p_new_status in ('checked_in', 'in_progress', 'completed', 'no_show') and not is_back
      and (p_start_time at time zone v_clinic.timezone)::date > (v_now at time zone v_clinic.timezone)::date
      then 'TOO_EARLY'
    -- no one has missed an appointment before it starts
    when p_new_status = 'no_show' and p_start_time > v_now and not is_back then 'INVALID_TRANSITION'
    when p_access = 'owner' and not may_cancel(
      p_start_time, p_booked_at, v_clinic.change_notice_minutes, v_clinic.grace_minutes, v_now
    ) then 'TOO_LATE'
  end;
end
$$;

comment on function check_status_change(
  text, uuid, text, timestamptz, integer, text, text, integer, timestamptz
) is 'What keeps an appointment from taking a status.';
revoke execute on function check_status_change(
  text, uuid, text, timestamptz, integer, text, text, integer, timestamptz
) from public, anon, authenticated, service_role;
