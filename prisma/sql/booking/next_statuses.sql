-- Returns the statuses that staff may give to an appointment with this one. A pet owner may only cancel.
create or replace function next_statuses(p_status text) returns text[]
language sql immutable
return case p_status
  when 'held' then array['scheduled', 'cancelled']
  when 'scheduled' then array['confirmed', 'checked_in', 'cancelled', 'no_show']
  when 'confirmed' then array['checked_in', 'cancelled', 'no_show']
  when 'checked_in' then array['in_progress', 'cancelled', 'no_show']
  when 'in_progress' then array['completed', 'checked_in']
  when 'no_show' then array['checked_in'] -- late, but here after all
  else array[]::text[]
end;

comment on function next_statuses(text) is 'The statuses that may follow one.';
revoke execute on function next_statuses(text) from public, anon;
grant execute on function next_statuses(text) to authenticated, service_role;
