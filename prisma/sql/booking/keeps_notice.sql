-- Returns whether, at p_at, the start is still as far away as the clinic requires for a change by a pet owner. Staff
-- need not give notice.
create or replace function keeps_notice(p_start_time timestamptz, p_notice_minutes integer, p_at timestamptz)
returns boolean
language sql stable
return p_start_time >= p_at + make_interval(mins => p_notice_minutes);

comment on function keeps_notice(timestamptz, integer, timestamptz) is
  'Whether a pet owner''s change is in time.';
revoke execute on function keeps_notice(timestamptz, integer, timestamptz) from public, anon;
grant execute on function keeps_notice(timestamptz, integer, timestamptz) to authenticated, service_role;
