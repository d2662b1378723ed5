-- Ends an invitation that was not accepted. Revoking one that does not exist succeeds, since it gives no one anything.
-- For admins.
create or replace function revoke_staff_invite(p_tenant_id text, p_invite_id uuid, p_performed_by uuid default null)
returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Waits for a caller who is accepting it; then it is used, and stays as a record.
  delete from links
  where tenant_id = p_tenant_id and id = p_invite_id and kind = 'invitation' and used_at is null;
  if not found and exists (
    select from links where tenant_id = p_tenant_id and id = p_invite_id and kind = 'invitation'
  ) then
    return atomic_refusal('LINK_USED');
  end if;
  return jsonb_build_object('success', true, 'invite_id', p_invite_id);
end
$$;

comment on function revoke_staff_invite(text, uuid, uuid) is
  'Ends an invitation that was not accepted.';
revoke execute on function revoke_staff_invite(text, uuid, uuid) from public, anon;
grant execute on function revoke_staff_invite(text, uuid, uuid) to authenticated, service_role;
