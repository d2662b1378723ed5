-- Ends a link that was not used. Again is a no-op: what is not there gives no rights.
create or replace function revoke_staff_invite(p_tenant_id text, p_invite_id uuid, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Waits for who is using it; then it is used, and stays as what happened.
  delete from staff_invites where tenant_id = p_tenant_id and id = p_invite_id and used_at is null;
  if not found and exists (select from staff_invites where tenant_id = p_tenant_id and id = p_invite_id) then
    return atomic_refusal('LINK_USED');
  end if;
  return jsonb_build_object('success', true, 'invite_id', p_invite_id);
end
$$;

comment on function revoke_staff_invite(text, uuid, uuid) is 'Ends an invitation that was not used.';
revoke execute on function revoke_staff_invite(text, uuid, uuid) from public, anon;
grant execute on function revoke_staff_invite(text, uuid, uuid) to authenticated, service_role;
