-- Returns whether this caller may act as p_id, and who the actor is. Called from security definer functions, in which
-- current_user is the functions' owner, but the role setting is still the caller's.
--
-- A trusted caller is a backend, or the database's owner at a prompt: p_id is believed, and null stays null. For anyone
-- else the actor is the user of the claims, and p_id may only repeat it.
create or replace function clinic_caller(p_id uuid, out allowed boolean, out trusted boolean, out actor uuid)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_role name := coalesce(nullif(current_setting('role'), 'none'), session_user);
  -- the caller's: security definer does not change this setting
  v_superuser boolean := current_setting('is_superuser')::boolean;
  v_sub uuid;
begin
  -- A superuser is a member of every role, and could then never try what a user sees; so its claims count. The literals
  -- have types, so that no other pg_has_role can fit the call better (docs/decisions/031).
  trusted := v_role = 'service_role'
    or (
      v_role not in ('authenticated', 'anon') and not v_superuser
      and pg_has_role(v_role, 'service_role'::name, 'member'::text)
    );
  if not trusted then
    v_sub := request_actor();
    if v_sub is not null then
      allowed := p_id is null or p_id = v_sub;
      actor := case when allowed then v_sub end;
      return;
    end if;
    trusted := coalesce(current_setting('request.jwt.claims', true), '') = ''
      and (v_superuser or v_role = current_user);
  end if;
  allowed := trusted;
  actor := case when trusted then p_id end;
end
$$;

comment on function clinic_caller(uuid) is 'Who is calling, and whether they may act as this id.';
revoke execute on function clinic_caller(uuid) from public, anon, authenticated, service_role;
