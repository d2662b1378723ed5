-- Opens the clinic again for the time of a closure. For staff.
--
-- Success: success, closure_id, replayed. One that is gone already is a replay.
create or replace function remove_clinic_closure(
  p_tenant_id text, p_closure_id uuid, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_was_there boolean;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  delete from clinic_closures where tenant_id = p_tenant_id and id = p_closure_id;
  v_was_there := found;
  return jsonb_build_object('success', true, 'closure_id', p_closure_id, 'replayed', not v_was_there);
end
$$;

comment on function remove_clinic_closure(text, uuid, uuid) is 'Opens the clinic again for the time of a closure.';
revoke execute on function remove_clinic_closure(text, uuid, uuid) from public, anon;
grant execute on function remove_clinic_closure(text, uuid, uuid) to authenticated, service_role;
