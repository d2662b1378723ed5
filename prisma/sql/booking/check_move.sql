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
  v_now timestamptz := clock_timestamp();
  v_clinic record;
  v_refusal text;
begin
  -- A patient who is already there can be given to another vet: the time stays, even if it has passed.
  if p_access = 'staff' and p_status = 'checked_in' and p_new_start_time = p_start_time then
    return case when p_version <> p_expected_version then 'STALE_VERSION' end;
  end if;
  if not is_movable(p_status) then
    return 'INVALID_STATUS';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  select timezone, change_notice_minutes, book_lead_minutes, book_horizon_days into v_clinic
  from tenants where id = p_tenant_id;
  v_refusal := check_booking_time(
    p_new_start_time, p_access = 'staff', v_clinic.book_lead_minutes, v_clinic.book_horizon_days, v_clinic.timezone,
    v_now
  );
  return case
    when v_refusal is not null then v_refusal
    when p_access = 'owner' and not keeps_notice(p_start_time, v_clinic.change_notice_minutes, v_now) then 'TOO_LATE'
  end;
end
$$;

comment on function check_move(text, text, timestamptz, integer, text, timestamptz, integer) is
  'What keeps an appointment from being moved, apart from the calendar.';
revoke execute on function check_move(text, text, timestamptz, integer, text, timestamptz, integer)
  from public, anon, authenticated, service_role;
