-- A token that nobody guesses: two random uuids are 244 random bits.
create or replace function new_link_token() returns text
language sql volatile
set search_path = public, pg_temp
as $$
  select replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
$$;

comment on function new_link_token() is 'A random token for a single-use link.';
revoke execute on function new_link_token() from public, anon, authenticated, service_role;
