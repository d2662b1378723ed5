-- Returns what an invitation offers.
--
-- Success: success, role, clinic_name, yours (this actor has accepted it already).
create or replace function read_staff_invite(p_tenant_id text, p_token text, p_performed_by uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_link := open_link(p_tenant_id, 'invitation', p_token, v_caller.actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  return (
    select jsonb_build_object('success', true, 'role', v_link.role, 'clinic_name', name, 'yours', v_link.is_replay)
    from tenants where id = p_tenant_id
  );
end
$$;

comment on function read_staff_invite(text, text, uuid) is 'What an invitation to the staff offers.';
revoke execute on function read_staff_invite(text, text, uuid) from public, anon;
grant execute on function read_staff_invite(text, text, uuid) to authenticated, service_role;
