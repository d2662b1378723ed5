-- What an invitation offers, for who has it in their hands. Success: success, role, clinic_name, yours (this actor has
-- used it already).
create or replace function read_staff_invite(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_invite staff_invites;
  v_refusal text;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_invite.used_by = v_actor then null else check_staff_invite(v_invite) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;
  return (
    select jsonb_build_object(
      'success', true, 'role', v_invite.role, 'clinic_name', name, 'yours', v_invite.used_by is not null
    )
    from tenants where id = p_tenant_id
  );
end
$$;

comment on function read_staff_invite(text, text, uuid) is 'What an invitation offers.';
revoke execute on function read_staff_invite(text, text, uuid) from public, anon;
grant execute on function read_staff_invite(text, text, uuid) to authenticated, service_role;
