-- Makes the link by which a walk-in client claims their record, and ends earlier links that were not used. For staff.
--
-- Success: success, client_id, token, expires_at.
create or replace function invite_client(p_tenant_id text, p_client_id uuid, p_performed_by uuid default null)
returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  if not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;

  -- The client's row is the lock: of two links made at once, only the second one works.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_client_id and role = 'owner' and deleted_at is null
  for no key update;
  if not found or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;
  if has_account(p_client_id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;
  delete from links where tenant_id = p_tenant_id and client_id = p_client_id and used_at is null;
  v_link := make_link(p_tenant_id, 'claim', v_caller.actor, interval '336 hours', p_client_id => p_client_id);
  return jsonb_build_object(
    'success', true, 'client_id', p_client_id, 'token', v_link.token, 'expires_at', v_link.expires_at
  );
end
$$;

comment on function invite_client(text, uuid, uuid) is
  'Makes the link by which a walk-in client claims their record.';
revoke execute on function invite_client(text, uuid, uuid) from public, anon;
grant execute on function invite_client(text, uuid, uuid) to authenticated, service_role;
