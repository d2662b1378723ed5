create or replace function link_token_hash(p_token text) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
$$;

comment on function link_token_hash(text) is 'What is kept of a link''s token.';
revoke execute on function link_token_hash(text) from public, anon, authenticated, service_role;
