-- Returns whether a text has no control characters (line breaks among them) and none that nobody sees: zero-width ones,
-- marks that turn the direction of what follows, fillers. Names are such texts, so that two that look alike are alike.
-- plainPattern of packages/contracts is the same; a test compares them. Granted to roles that write tables, because a
-- check runs it as its caller.
create or replace function is_plain(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]';

comment on function is_plain(text) is 'Whether a text has no control characters and none that nobody sees.';
revoke execute on function is_plain(text) from public, anon, authenticated, service_role;
grant execute on function is_plain(text) to authenticated, service_role;
