-- Returns whether an appointment with this status may be moved. Like the other rules that appointment_states shows it
-- has no search_path: only so can it be inlined, and the names in its body are resolved when it is created.
create or replace function is_movable(p_status text) returns boolean
language sql immutable
return p_status in ('scheduled', 'confirmed');

comment on function is_movable(text) is 'Whether a status lets an appointment be moved.';
revoke execute on function is_movable(text) from public, anon;
grant execute on function is_movable(text) to authenticated, service_role;
