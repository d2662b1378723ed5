-- Returns whether, at p_at, a pet owner may still cancel: in time for the clinic, or within the minutes that it grants
-- after booking, as long as the appointment has not begun.
create or replace function may_cancel(
  p_start_time timestamptz, p_booked_at timestamptz, p_notice_minutes integer, p_grace_minutes integer,
  p_at timestamptz
) returns boolean
language sql stable
return keeps_notice(p_start_time, p_notice_minutes, p_at)
  or (p_start_time > p_at and p_booked_at + make_interval(mins => p_grace_minutes) > p_at);

comment on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz) is
  'Whether a pet owner may still cancel.';
revoke execute on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz) from public, anon;
grant execute on function may_cancel(timestamptz, timestamptz, integer, integer, timestamptz)
  to authenticated, service_role;
