-- Returns the user of the claims, for policies, which may not call request_actor themselves.
create or replace function clinic_access.user_id() returns uuid
language sql stable security definer
set search_path = public, pg_temp
as $$
  select request_actor()
$$;

comment on function clinic_access.user_id() is 'The user of the claims.';
revoke execute on function clinic_access.user_id() from public, anon;
grant execute on function clinic_access.user_id() to authenticated, service_role;
