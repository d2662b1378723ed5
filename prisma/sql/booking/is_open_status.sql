-- Returns whether an appointment with this status is still to come or going on. A hold is until it expires.
create or replace function is_open_status(p_status text, p_hold_expires_at timestamptz, p_at timestamptz)
returns boolean
language sql immutable
return is_active_status(p_status, p_hold_expires_at, p_at) and p_status <> 'completed';

comment on function is_open_status(text, timestamptz, timestamptz) is
  'Whether an appointment is still to come or going on.';
revoke execute on function is_open_status(text, timestamptz, timestamptz) from public, anon;
grant execute on function is_open_status(text, timestamptz, timestamptz) to authenticated, service_role;
