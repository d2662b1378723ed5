-- Returns whether a person signs in with this id, by the API's own tables or, if it exists, the platform's.
create or replace function has_account(p_id uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_found boolean := exists (select from login."user" where id = p_id);
begin
  if not v_found and to_regclass('auth.users') is not null then
    if has_table_privilege(current_user, 'auth.users'::text, 'select'::text) then
      execute 'select exists (select from auth.users where id = $1)' into v_found using p_id;
    end if;
  end if;
  return v_found;
end
$$;

comment on function has_account(uuid) is 'Whether a person signs in with this id.';
revoke execute on function has_account(uuid) from public, anon, authenticated, service_role;
