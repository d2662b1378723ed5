-- Makes the link that gives whoever opens it a role. Success: success, invite_id, token, role, expires_at. The token is
-- told this once and kept nowhere.
create or replace function invite_staff(
  p_tenant_id text, p_role text, p_label text default null, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_token text := new_link_token();
  v_expires_at timestamptz := now() + interval '168 hours';
  v_id uuid;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;
  if length(btrim(p_label)) > 200 then
    return atomic_refusal('INVALID_NAME');
  end if;
  insert into staff_invites (tenant_id, role, label, token_hash, created_by, expires_at)
  values (p_tenant_id, p_role, nullif(btrim(p_label), ''), link_token_hash(v_token), v_actor, v_expires_at)
  returning id into v_id;
  return jsonb_build_object(
    'success', true, 'invite_id', v_id, 'token', v_token, 'role', p_role, 'expires_at', v_expires_at
  );
end
$$;

comment on function invite_staff(text, text, text, uuid) is 'Makes a colleague''s single-use link.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;
