-- Returns the user of the request's claims, or null if there are no claims, they are not a JSON object, or their sub is
-- not a uuid. It never raises, because a client may send anything.
create or replace function request_actor() returns uuid
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_claims text := current_setting('request.jwt.claims', true);
  v_sub text;
begin
  if v_claims is null or v_claims = '' then
    return null;
  end if;
  begin
    v_sub := v_claims::json ->> 'sub';
  exception
    when data_exception or statement_too_complex then
      return null;
  end;
  if v_sub ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    return v_sub::uuid;
  end if;
  return null;
end
$$;

comment on function request_actor() is 'The user of request.jwt.claims, or null.';
revoke execute on function request_actor() from public, anon, authenticated, service_role;
