-- What keeps this appointment from taking the new status: an error code or null.
create or replace function check_status_change(
  p_appointment appointments, p_access text, p_new_status text, p_expected_version integer
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
begin
  if p_new_status is null or p_new_status <> all (next_statuses(p_appointment.status))
    or (p_access = 'owner' and p_new_status <> 'cancelled')
    -- nobody has failed to come before it was time to
    or (p_new_status = 'no_show' and p_appointment.start_time > clock_timestamp())
  then
    return 'INVALID_TRANSITION';
  end if;
  if p_appointment.version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  if p_access = 'owner' then
    select change_notice_minutes into v_notice from tenants where id = p_appointment.tenant_id;
    if not keeps_notice(p_appointment.start_time, v_notice, clock_timestamp()) then
      return 'TOO_LATE';
    end if;
  end if;
  return null;
end
$$;

comment on function check_status_change(appointments, text, text, integer) is
  'What keeps an appointment from taking a status.';
revoke execute on function check_status_change(appointments, text, text, integer)
  from public, anon, authenticated, service_role;
