-- Is the start, at p_at, still as far away as the clinic wants a pet owner's change to be? Staff need not give notice.
create or replace function keeps_notice(p_start_time timestamptz, p_notice_minutes integer, p_at timestamptz)
returns boolean
language sql stable
return p_start_time >= p_at + make_interval(mins => p_notice_minutes);

comment on function keeps_notice(timestamptz, integer, timestamptz) is
  'Whether a pet owner''s change is in time.';
revoke execute on function keeps_notice(timestamptz, integer, timestamptz) from public, anon;
grant execute on function keeps_notice(timestamptz, integer, timestamptz) to authenticated, service_role;
