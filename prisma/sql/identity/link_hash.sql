-- What is stored of a link's token, so that no one who reads the table, or a backup of it, can use the link.
create or replace function link_hash(p_token text) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
$$;

comment on function link_hash(text) is 'The SHA-256 of a link''s token, in hex.';
revoke execute on function link_hash(text) from public, anon, authenticated, service_role;
