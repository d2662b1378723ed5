-- Returns what keeps an appointment from being moved, apart from the calendar: an error code or null. Called before the
-- locks, so that hopeless calls take none, and again behind them.
create or replace function check_move(
  p_tenant_id text, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_start_time timestamptz, p_expected_version integer
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
begin
  if not is_movable(p_status) then
    return 'INVALID_STATUS';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  if not is_bookable_time(p_new_start_time, p_access = 'staff') then
    return 'INVALID_TIME';
  end if;
  if p_access = 'owner' then
    select change_notice_minutes into v_notice from tenants where id = p_tenant_id;
    if not keeps_notice(p_start_time, v_notice, clock_timestamp()) then
      return 'TOO_LATE';
    end if;
  end if;
  return null;
end
$$;

comment on function check_move(text, text, timestamptz, integer, text, timestamptz, integer) is
  'What keeps an appointment from being moved, apart from the calendar.';
revoke execute on function check_move(text, text, timestamptz, integer, text, timestamptz, integer)
  from public, anon, authenticated, service_role;
