-- Returns whether people with this role may have a calendar. Assistants are a groomer or a nurse, who are no vets.
create or replace function has_calendar(p_role text) returns boolean
language sql immutable
return p_role in ('vet', 'admin', 'assistant');

comment on function has_calendar(text) is 'Whether people with a role may have a calendar.';
revoke execute on function has_calendar(text) from public, anon, authenticated, service_role;
