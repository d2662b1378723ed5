-- May this caller act as p_id, and who is the actor? Called from security definer functions, where current_user is the
-- functions' owner and the role setting is still the caller's.
--   trusted: a backend, or the owner at a prompt; p_id is believed, and stays null where it was null.
--   Otherwise the actor is the claims' own user, and p_id may only repeat it.
create or replace function clinic_caller(p_id uuid, out allowed boolean, out trusted boolean, out actor uuid)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_role name := coalesce(nullif(current_setting('role'), 'none'), session_user);
  -- of the caller: security definer does not change this setting
  v_superuser boolean := current_setting('is_superuser')::boolean;
  v_sub uuid;
begin
  -- A superuser counts as a member of everything, and then could never try out a user's view; so its claims count.
  trusted := v_role = 'service_role'
    or (v_role not in ('authenticated', 'anon') and not v_superuser and pg_has_role(v_role, 'service_role', 'member'));
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

comment on function clinic_caller(uuid) is 'Who is calling, and may they act as this id.';
revoke execute on function clinic_caller(uuid) from public, anon, authenticated, service_role;
