-- The id of what one request makes: the same for the same request, and for no other. Sent again after a lost answer, or
-- twice at once, it finds the row that is there. Nobody can choose it: who knows a key cannot find one whose id is to be
-- another's. It says that it is no random uuid (version 8), so it is never the id of an account.
create or replace function request_uuid(variadic p_request text[]) returns uuid
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_hash text := encode(sha256(convert_to(to_json(p_request)::text, 'UTF8')), 'hex');
begin
  return overlay(overlay(left(v_hash, 32) placing '8' from 13) placing 'a' from 17)::uuid;
end
$$;

comment on function request_uuid(text[]) is 'The id of what one request makes.';
revoke execute on function request_uuid(text[]) from public, anon, authenticated, service_role;
