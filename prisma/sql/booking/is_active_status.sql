-- Returns whether an appointment with this status keeps its time at p_at. A hold does until it expires.
create or replace function is_active_status(p_status text, p_hold_expires_at timestamptz, p_at timestamptz)
returns boolean
language sql immutable
return p_status not in ('cancelled', 'no_show') and (p_status <> 'held' or p_hold_expires_at > p_at);

comment on function is_active_status(text, timestamptz, timestamptz) is 'Whether an appointment keeps its time.';
revoke execute on function is_active_status(text, timestamptz, timestamptz) from public, anon;
grant execute on function is_active_status(text, timestamptz, timestamptz) to authenticated, service_role;
