-- Makes the link of a walk-in client; a new one ends those that were made before. For staff.
-- Success: success, client_id, token, expires_at. The token is told this once and kept nowhere.
create or replace function invite_client(p_tenant_id text, p_client_id uuid, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_token text := new_link_token();
  v_expires_at timestamptz := now() + interval '336 hours';
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  if not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;

  -- The client's row is the lock: two links made at once are one after the other, and only the second one works.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_client_id and role = 'owner' and deleted_at is null
  for no key update;
  if not found or not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;
  if has_account(p_client_id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;
  delete from client_claims where tenant_id = p_tenant_id and client_id = p_client_id and used_at is null;
  insert into client_claims (tenant_id, client_id, token_hash, created_by, expires_at)
  values (p_tenant_id, p_client_id, link_token_hash(v_token), v_actor, v_expires_at);
  return jsonb_build_object(
    'success', true, 'client_id', p_client_id, 'token', v_token, 'expires_at', v_expires_at
  );
end
$$;

comment on function invite_client(text, uuid, uuid) is 'Makes a walk-in client''s single-use link.';
revoke execute on function invite_client(text, uuid, uuid) from public, anon;
grant execute on function invite_client(text, uuid, uuid) to authenticated, service_role;
