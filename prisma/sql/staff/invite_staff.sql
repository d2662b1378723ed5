-- Makes the link of an invitation, which gives the person who accepts it a role. For admins.
--
-- Success: success, invite_id, token, role, expires_at.
create or replace function invite_staff(
  p_tenant_id text, p_role text, p_label text default null, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_label text := nullif(btrim(p_label), '');
  v_link record;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('receptionist', 'assistant', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;
  if length(v_label) > 200 or not is_plain(v_label) then
    return atomic_refusal('INVALID_NAME');
  end if;
  v_link := make_link(
    p_tenant_id, 'invitation', v_caller.actor, interval '168 hours', p_role => p_role, p_label => v_label
  );
  return jsonb_build_object(
    'success', true, 'invite_id', v_link.id, 'token', v_link.token, 'role', p_role, 'expires_at', v_link.expires_at
  );
end
$$;

comment on function invite_staff(text, text, text, uuid) is
  'Makes the link of an invitation to the staff.';
revoke execute on function invite_staff(text, text, text, uuid) from public, anon;
grant execute on function invite_staff(text, text, text, uuid) to authenticated, service_role;
