-- Derives the id of what a request creates: the same for the same request, and different for any other. A request that
-- is sent again after a lost answer, or twice at once, finds the existing row. Nobody can choose the id, so knowing a
-- key does not help to occupy another request's. It is marked as version 8, which is no random uuid, so it never equals
-- an account's id.
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

comment on function request_uuid(text[]) is 'The id of what a request creates.';
revoke execute on function request_uuid(text[]) from public, anon, authenticated, service_role;
