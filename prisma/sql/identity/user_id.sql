-- Returns the user of the claims, for policies, which may not call request_actor themselves.
create or replace function clinic_access.user_id() returns uuid
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  return request_actor();
end
$$;

comment on function clinic_access.user_id() is 'The user of the claims.';
revoke execute on function clinic_access.user_id() from public, anon;
grant execute on function clinic_access.user_id() to authenticated, service_role;
