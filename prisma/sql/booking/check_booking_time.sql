-- Returns what keeps an appointment from starting at this time, as of p_now: an error code or null. Staff may write down a
-- visit of earlier on the same day of the clinic, and are not held to lead and horizon. The horizon counts days of the
-- clinic, so that a whole day is bookable or not.
create or replace function check_booking_time(
  p_start_time timestamptz, p_as_staff boolean, p_lead_minutes integer, p_horizon_days integer, p_timezone text,
  p_now timestamptz
) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if not coalesce(isfinite(p_start_time) and p_start_time < timestamptz '3000-01-01 00:00:00Z', false) then
    return 'INVALID_TIME';
  end if;
  if p_as_staff then
    return case
      -- the half hour is for the patient who came just before midnight
      when p_start_time <= p_now - interval '30 minutes'
        and (p_start_time at time zone p_timezone)::date < (p_now at time zone p_timezone)::date then 'INVALID_TIME'
    end;
  end if;
  return case
    when p_start_time <= p_now then 'INVALID_TIME'
    when p_start_time < p_now + make_interval(mins => p_lead_minutes) then 'TOO_SOON'
    when (p_start_time at time zone p_timezone)::date > (p_now at time zone p_timezone)::date + p_horizon_days
      then 'TOO_FAR'
  end;
end
$$;

comment on function check_booking_time(timestamptz, boolean, integer, integer, text, timestamptz) is
  'What keeps an appointment from starting at a time.';
revoke execute on function check_booking_time(timestamptz, boolean, integer, integer, text, timestamptz)
  from public, anon, authenticated, service_role;
