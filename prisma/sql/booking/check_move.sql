-- What keeps this appointment from being moved, apart from the calendar: an error code or null. Asked before the locks,
-- so that hopeless calls take none, and after them, about the row as it then is.
create or replace function check_move(
  p_appointment appointments, p_access text, p_new_start_time timestamptz, p_expected_version integer
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
begin
  if not is_movable(p_appointment.status) then
    return 'INVALID_STATUS';
  end if;
  if p_appointment.version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  if not is_bookable_time(p_new_start_time, p_access = 'staff') then
    return 'INVALID_TIME';
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

comment on function check_move(appointments, text, timestamptz, integer) is
  'What keeps an appointment from being moved, apart from the calendar.';
revoke execute on function check_move(appointments, text, timestamptz, integer)
  from public, anon, authenticated, service_role;
