-- May an appointment with this status be moved to another time or vet? No search_path, here and in the other rules that
-- the view appointment_states shows: their names are resolved when they are created, and only so are they inlined.
create or replace function is_movable(p_status text) returns boolean
language sql immutable
return p_status in ('scheduled', 'confirmed');

comment on function is_movable(text) is 'Whether a status lets an appointment be moved.';
revoke execute on function is_movable(text) from public, anon;
grant execute on function is_movable(text) to authenticated, service_role;
